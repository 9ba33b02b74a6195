-- KEYS[1]: the ID; ARGV[1]: the new lease; ARGV[2]: its duration, in milliseconds.
local held = redis.call('GET', KEYS[1])
if not held then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 'new'
end
if held == 'done' then
  return 'done'
end
return 'in progress'
