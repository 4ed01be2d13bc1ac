-- Say that we are still working on these entries, so that nobody takes them over; never take one back.
-- KEYS: inbox stream. ARGV: group, consumer, ids. Returns the ids that are somebody else's by now.
local lost = {}
for n = 3, #ARGV do
  local found = redis.call("XPENDING", KEYS[1], ARGV[1], ARGV[n], ARGV[n], 1)[1]
  if found and found[2] == ARGV[2] then
    redis.call("XCLAIM", KEYS[1], ARGV[1], ARGV[2], 0, ARGV[n], "JUSTID")
  else
    lost[#lost + 1] = ARGV[n]
  end
end
return lost
