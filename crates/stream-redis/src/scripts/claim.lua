-- KEYS[1]: the id; ARGV[1]: the new lease; ARGV[2]: how long it lasts, in milliseconds.
local held = redis.call('GET', KEYS[1])
if not held then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 'new'
end
if held == 'done' then
  return 'done'
end
return 'in progress'
