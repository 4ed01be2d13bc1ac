-- One process's sign of life, by the store's clock; it expires by itself.
-- KEYS: this process's beat, all beats by time, when each role was heard last.
-- ARGV: name, roles with commas, how long it lasts (ms), JSON, then round and how long ago it ended (ms), again and again.
-- Returns {now, when a process of the last of these roles was heard before}, in ms, 0 for never.
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call("DEL", KEYS[1])
redis.call("HSET", KEYS[1], "at", now, "beat", ARGV[4])
for n = 5, #ARGV, 2 do redis.call("HSET", KEYS[1], "round:" .. ARGV[n], now - tonumber(ARGV[n + 1])) end
redis.call("PEXPIRE", KEYS[1], ARGV[3])
redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", now - tonumber(ARGV[3]))
redis.call("ZADD", KEYS[2], now, ARGV[1])
local before = "0"
for role in string.gmatch(ARGV[2], "[^,]+") do
  before = redis.call("HGET", KEYS[3], role) or "0"
  redis.call("HSET", KEYS[3], role, now)
end
return { tostring(now), before }
