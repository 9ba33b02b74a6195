-- The window of one operation, shared by all processes. It decides as the limiter of stream-http does
-- for one process; see policy/limiter there.
-- KEYS[1]: the window
-- ARGV[1]: 'arrived', 'waited' or 'gave up'; '' to report only
-- ARGV[2]: the maximum wait of the request, in milliseconds
-- ARGV[3], ARGV[4]: the permit that is settled, and for how many requests
-- ARGV[5], ARGV[6]: the permit before it that is settled, and for how many requests
-- ARGV[7]: 'limited' or 'unlimited', as responses have said since; '' if they said neither
-- ARGV[8], ARGV[9]: the limit or -1, and what remains of it
-- ARGV[10], ARGV[11]: in how many milliseconds it resets at the latest, and how much earlier at most
-- ARGV[12]: how many waiting requests gave their turns back
-- Returns {1, permit} or {0, turn, opens}, in milliseconds from now.
local WINDOW, SPREAD, SAME_RESET, KEEP = 60000, 30000, 2000, 300000
local ASSUMED_LIMIT, PROBES, PROBE_SPACING = 60, 5, 200
-- How long requests count that were in flight when the window changed.
local LATE = 10000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'known', 'limit', 'left', 'ends', 'sent', 'turn', 'permit',
  'late', 'late_permit', 'ends_after')
local known = stored[1] or ''
local limit = tonumber(stored[2] or -1)
local left = tonumber(stored[3] or 0)
local ends = tonumber(stored[4] or 0)
local sent = tonumber(stored[5] or 0)
local turn = tonumber(stored[6] or 0)
local permit = tonumber(stored[7] or now)
local late = tonumber(stored[8] or 0)
local late_permit = tonumber(stored[9] or 0)
local ends_after = tonumber(stored[10] or ends)

-- Advance to the current window.
if known == 'limited' and now >= ends then
  if limit > 0 then
    local further = (math.floor((now - ends) / WINDOW) + 1) * WINDOW
    ends, ends_after = ends + further, ends_after + further
    left = limit
  else
    known = ''
  end
  -- Requests in flight may arrive in the new window.
  late, late_permit = sent, permit
  sent = 0
  permit = math.max(now, permit + 1)
end
if late > 0 and (known ~= 'limited' or now >= ends - WINDOW + LATE) then
  -- Requests of processes that died no longer count.
  late = 0
end

-- Apply the report.
for settled = 3, 5, 2 do
  local count = tonumber(ARGV[settled + 1])
  if tonumber(ARGV[settled]) == permit then
    sent = math.max(0, sent - count)
  elseif tonumber(ARGV[settled]) == late_permit then
    late = math.max(0, late - count)
  end
end
if ARGV[7] == 'unlimited' and known == '' then
  known = 'unlimited'
  turn = now
elseif ARGV[7] == 'limited' then
  local said, remaining = tonumber(ARGV[8]), tonumber(ARGV[9])
  -- The window ends between these times. Resets count whole seconds.
  local latest = now + math.min(tonumber(ARGV[10]), WINDOW)
  local earliest = latest - tonumber(ARGV[11])
  if known == 'limited' and earliest - SAME_RESET <= ends - WINDOW then
    -- A late response about an earlier window.
    said = -1
  elseif known == 'limited' and earliest - SAME_RESET <= ends
    and latest + SAME_RESET >= math.min(ends, ends_after) then
    left = math.min(left, remaining)
    ends = math.min(ends, latest)
    ends_after = math.max(ends_after, earliest)
  else
    if known == '' then
      turn = now
    end
    known, left, ends, ends_after = 'limited', remaining, latest, earliest
  end
  if said > 0 then
    limit = said
  end
end

-- The time between two waiting requests.
local spacing = SPREAD / (limit > 0 and limit or ASSUMED_LIMIT)
-- The time from the start of a later window to a turn in it; nil if windows are not known.
local function in_window(at)
  return limit > 0 and at >= ends and (at - ends) % WINDOW or nil
end
if known == 'limited' then
  -- Turns are in the first part of each window.
  local given_back = tonumber(ARGV[12]) * spacing
  local since_start = in_window(turn)
  if since_start then
    local before = math.max(0, given_back - math.min(since_start, SPREAD))
    local windows = math.min(math.ceil(before / SPREAD), math.floor((turn - ends) / WINDOW))
    turn = turn - math.max(0, since_start - SPREAD) - windows * (WINDOW - SPREAD)
  end
  turn = turn - given_back
end

-- Decide whether this request may be sent.
local decision
if ARGV[1] ~= '' then
  local has_room, opens = true, now
  if known == '' then
    -- Waiting requests cannot be woken when the limit becomes known: they ask repeatedly, and one
    -- at a time is sent while it is still unknown.
    has_room = sent < PROBES or (ARGV[1] == 'waited' and turn <= now)
    opens = now + PROBE_SPACING
  elseif known == 'limited' then
    has_room = left > sent + late
    opens = has_room and now or ends
  end
  -- Waiting requests go before new ones.
  if ARGV[1] == 'gave up' or (has_room and (ARGV[1] == 'waited' or turn <= now)) then
    if known == '' then
      turn = now + (sent < PROBES and 0 or PROBE_SPACING)
    end
    sent = sent + 1
    decision = {1, permit}
  elseif known == '' then
    decision = {0, PROBE_SPACING, PROBE_SPACING}
  else
    local next_turn = math.max(turn, opens)
    -- Each window has as many turns as its limit.
    local since_start = in_window(next_turn)
    if since_start and since_start + spacing / 2 > SPREAD then
      next_turn = next_turn + WINDOW - since_start
    elseif known == 'limited' and next_turn < ends
      and next_turn - now >= (left - sent - late) * spacing then
      next_turn = ends
    end
    if next_turn - now <= tonumber(ARGV[2]) then
      turn = next_turn + spacing
    end
    decision = {0, math.ceil(next_turn - now), math.ceil(opens - now)}
  end
end

redis.call('HSET', KEYS[1], 'known', known, 'limit', limit, 'left', left, 'ends', ends,
  'sent', sent, 'turn', turn, 'permit', permit, 'late', late, 'late_permit', late_permit, 'ends_after', ends_after)
redis.call('PEXPIRE', KEYS[1], KEEP)
return decision or {}
