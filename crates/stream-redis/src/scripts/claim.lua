-- KEYS[1]: the ID; ARGV[1]: the new lease; ARGV[2]: its duration, in milliseconds.
-- It may run again with the same lease, if its first response was lost.
local held = redis.call('GET', KEYS[1])
if not held or held == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 'new'
end
if string.sub(held, 1, 4) == 'done' then
  return 'done'
end
return 'in progress'
