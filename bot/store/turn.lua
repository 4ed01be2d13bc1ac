-- Named turns. KEYS: the turn; to look, as many as one likes. ARGV: act, number (ms).
-- take: for so long from now, unless it is in force; returns 1 if taken. pause: until this instant. look: returns until
-- when each is in force, or 0.
-- A turn is in force from when it was set (less a second, for clocks that are nudged) until it ends; after the clock was
-- put back it is not.
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function in_force(key)
  local kept = redis.call("HMGET", key, "set", "until")
  local till = tonumber(kept[2] or "0") or 0
  return till > now and (tonumber(kept[1] or "0") or 0) <= now + 1000 and till
end
if ARGV[1] == "look" then
  local found = {}
  for n, key in ipairs(KEYS) do found[n] = tostring(in_force(key) or 0) end
  return found
end
if ARGV[1] == "take" and in_force(KEYS[1]) then return "0" end
local ends = tonumber(ARGV[2])
if ARGV[1] == "take" then ends = now + ends end
if ends <= now then
  redis.call("DEL", KEYS[1])
else
  redis.call("HSET", KEYS[1], "set", tostring(now), "until", string.format("%.0f", ends))
  redis.call("PEXPIRE", KEYS[1], math.floor(ends - now))
end
return "1"
