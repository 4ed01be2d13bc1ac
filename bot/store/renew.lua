-- Keep a claim alive while media uploads: only its holder (same fence) may, and only while it is still claimed.
-- KEYS: record, due index, index of what never lies far ahead. ARGV: id, fence, lease in ms. Returns 1 when renewed.
if redis.call("HGET", KEYS[1], "state") ~= "claimed" then return 0 end
if redis.call("HGET", KEYS[1], "fence") ~= ARGV[2] then return 0 end
local time = redis.call("TIME")
local until_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[3])
redis.call("HSET", KEYS[1], "attention", tostring(until_ms))
redis.call("ZADD", KEYS[2], until_ms, ARGV[1])
redis.call("ZADD", KEYS[3], until_ms, ARGV[1])
return 1
