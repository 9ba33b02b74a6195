-- The window of one operation, counted by all who share it. What it decides is what the limiter of
-- stream-http decides alone; see its policy/limiter/window.rs.
-- KEYS[1]: the window
-- ARGV[1]: 'arrived', 'waited' or 'gave up'; '' if nothing is asked
-- ARGV[2]: how long the request waits at most, in milliseconds
-- ARGV[3], ARGV[4]: the permits that are settled: which, and how many
-- ARGV[5]: 'limited' or 'unlimited', as responses said since; '' if they said nothing
-- ARGV[6], ARGV[7], ARGV[8]: the limit or -1, what is left of it, in how many milliseconds it resets
-- Returns {1, permit} or {0, turn, opens}, in milliseconds from now.
local WINDOW, SPREAD, SAME_RESET, KEEP = 60000, 30000, 2000, 300000
local ASSUMED_LIMIT, PROBES, PROBE_SPACING = 60, 5, 200

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'known', 'limit', 'left', 'ends', 'sent', 'turn', 'permit')
local known = stored[1] or ''
local limit = tonumber(stored[2] or -1)
local left = tonumber(stored[3] or 0)
local ends = tonumber(stored[4] or 0)
local sent = tonumber(stored[5] or 0)
local turn = tonumber(stored[6] or 0)
local permit = tonumber(stored[7] or now)

-- Goes on to the window that it is now.
if known == 'limited' and now >= ends then
  if limit > 0 then
    ends = ends + (math.floor((now - ends) / WINDOW) + 1) * WINDOW
    left = limit
  else
    known = ''
  end
  -- Whoever died with requests under way holds nothing back any longer.
  sent = 0
  permit = math.max(now, permit + 1)
end

-- What became of requests.
if tonumber(ARGV[3]) == permit then
  sent = math.max(0, sent - tonumber(ARGV[4]))
end
if ARGV[5] == 'unlimited' and known == '' then
  known = 'unlimited'
  turn = now
elseif ARGV[5] == 'limited' then
  local said, remaining = tonumber(ARGV[6]), tonumber(ARGV[7])
  local resets = now + math.min(tonumber(ARGV[8]), WINDOW)
  if known == 'limited' and math.abs(resets - ends) <= SAME_RESET then
    left = math.min(left, remaining)
    ends = math.min(ends, resets)
  else
    if known == '' then
      turn = now
    end
    known, left, ends = 'limited', remaining, resets
  end
  if said > 0 then
    limit = said
  end
end

-- Whether this request may be sent.
local answer
if ARGV[1] ~= '' then
  local has_room, opens, spacing = true, now, 0
  if known == '' then
    -- Nobody can be woken when the limit becomes known: those who wait ask again and again, and one
    -- of them at a time is sent although it is not.
    has_room = sent < PROBES or (ARGV[1] == 'waited' and turn <= now)
    opens = now + PROBE_SPACING
  elseif known == 'limited' then
    has_room = left > sent
    opens = has_room and now or ends
    spacing = SPREAD / (limit > 0 and limit or ASSUMED_LIMIT)
  end
  -- Whoever waits goes before whoever comes.
  if ARGV[1] == 'gave up' or (has_room and (ARGV[1] == 'waited' or turn <= now)) then
    if known == '' then
      turn = now + (sent < PROBES and 0 or PROBE_SPACING)
    end
    sent = sent + 1
    answer = {1, permit}
  elseif known == '' then
    answer = {0, PROBE_SPACING, PROBE_SPACING}
  else
    local next_turn = math.max(turn, opens)
    if next_turn - now <= tonumber(ARGV[2]) then
      turn = next_turn + spacing
    end
    answer = {0, math.ceil(next_turn - now), math.ceil(opens - now)}
  end
end

redis.call('HSET', KEYS[1], 'known', known, 'limit', limit, 'left', left, 'ends', ends,
  'sent', sent, 'turn', turn, 'permit', permit)
redis.call('PEXPIRE', KEYS[1], KEEP)
return answer or {}
