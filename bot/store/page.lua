-- One page of what stands in several sorted sets at once, in the order of the smallest. Nothing is written and no set is
-- built: the smallest is walked until the page is full and enough is counted, looking each member up in the others.
-- KEYS: the sets. ARGV: the greatest score in the first ("" for any), offset, length, most to be counted.
-- Returns {how many there are, at most so many, id, score, id, score, ...}.
local bound, offset, length, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local top = bound == "" and "+inf" or bound
local lead, size = 1, redis.call("ZCOUNT", KEYS[1], "-inf", top)
for n = 2, #KEYS do
  local other = redis.call("ZCARD", KEYS[n])
  if other < size then lead, size = n, other end
end
local answer = { 0 }

if #KEYS == 1 then
  answer[1] = redis.call("ZCOUNT", KEYS[1], "-inf", top)
  local found = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", top, "WITHSCORES", "LIMIT", offset, length)
  for _, each in ipairs(found) do answer[#answer + 1] = each end
  return answer
end

local at, step, matches = 0, 500, 0
while matches < most do
  local last = lead == 1 and top or "+inf"
  local found = redis.call("ZRANGEBYSCORE", KEYS[lead], "-inf", last, "WITHSCORES", "LIMIT", at, step)
  if #found == 0 then break end
  local ids = {}
  for n = 1, #found, 2 do ids[#ids + 1] = found[n] end
  local inside = {}
  for n = 1, #ids do inside[n] = true end
  for n, key in ipairs(KEYS) do
    if n ~= lead then
      local scores = redis.call("ZMSCORE", key, unpack(ids))
      for place = 1, #ids do
        if not scores[place] or (n == 1 and bound ~= "" and tonumber(scores[place]) > tonumber(bound)) then
          inside[place] = false
        end
      end
    end
  end
  for place = 1, #ids do
    if inside[place] and matches < most then
      matches = matches + 1
      if matches > offset and matches <= offset + length then
        answer[#answer + 1] = ids[place]
        answer[#answer + 1] = found[place * 2]
      end
    end
  end
  at = at + step
end
answer[1] = matches
return answer
