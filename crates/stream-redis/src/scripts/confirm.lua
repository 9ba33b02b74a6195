-- KEYS[1]: the ID; ARGV[1]: the lease; ARGV[2]: how long to remember the ID, in milliseconds.
-- A lease that has expired is still confirmed, unless another machine has taken one since. It may run
-- again with the same lease, if its first response was lost.
local held = redis.call('GET', KEYS[1])
local done = 'done:' .. ARGV[1]
if held and held ~= ARGV[1] and held ~= done then
  return 0
end
redis.call('SET', KEYS[1], done, 'PX', ARGV[2])
return 1
