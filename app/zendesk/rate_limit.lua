-- The rate budget of one Zendesk account: who may send a call now, and who must wait for how long.
--
-- Everything is atomic and on this server's clock, so that any number of processes share one budget.
--
-- KEYS[1]  the prefix of all keys of this budget
-- ARGV     the command, the length of Zendesk's minute (µs), and what the command takes
--
-- Keys under the prefix:
--   :bucket:<name>  hash: what is known of one limit. `account` is the account's minute.
--                   limit, others, before, lo, hi (between these Zendesk's window ends), hold and why, next
--   :log:<name>     sorted set: our calls that count, by the time until which they do
--   :fair           sorted set: jobs by the turns they have had (start-time fair queueing)
--   :queue          sorted set: jobs that were told to wait for the account's minute, and until when
--                   they are expected back
--   :waits          hash: who waits for what, for people to see
--   :slots, :slot_owners, :slot_queue, :jobs   the in-flight semaphore for Zendesk's own jobs
--   :names           set: the buckets there are
--   :chart:<n>      hash: calls by us and by others in one slot of the chart
--
-- A call counts from the moment it is let through until one of Zendesk's minutes after its answer.
-- It arrives at Zendesk at some moment in between; so in no minute, wherever it begins, do more calls
-- arrive than were counted at once.

local prefix, command, window = KEYS[1], ARGV[1], tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local LEASE = 60 * 1000000       -- longer than any call can last: one whose process died counts so long
local KEPT = 86400               -- seconds for which what was learned is kept
local BURST = 0.05               -- of a job's minute may be taken at once, after a quiet time
local CATCH_UP = 1.05            -- so much faster than the even pace may calls follow one another
local PROBE = window / 2          -- so long one call is waited for that is to tell an unknown account's limit
local GRACE = 200000             -- a job that is expected back is waited for so long
local FALLBACK_LIMIT = 200       -- of an account whose answers tell no limit: the smallest usual plan
local ANSWER = 14                -- arguments that tell one answer
local SLACK = 10                 -- calls by which what others used may be told too low
local CHART_SLOTS, CHART_STEP = 90, window / 6

local function text(number) return string.format('%.0f', number) end

local function key(name) return prefix .. ':' .. name end

local function bucket(name)
  local kept = redis.call('HMGET', key('bucket:' .. name), 'limit', 'others', 'before', 'lo', 'hi', 'hold', 'next', 'why')
  return {
    name = name, limit = tonumber(kept[1]), others = tonumber(kept[2] or 0), before = tonumber(kept[3] or 0),
    lo = tonumber(kept[4] or 0), hi = tonumber(kept[5] or 0), hold = tonumber(kept[6] or 0), next = tonumber(kept[7] or 0),
    why = kept[8] or 'asked',
  }
end

local function write_bucket(name, ...)
  redis.call('HSET', key('bucket:' .. name), ...)
  redis.call('EXPIRE', key('bucket:' .. name), KEPT)
  redis.call('SADD', key('names'), name)
  redis.call('EXPIRE', key('names'), KEPT)
end

-- What others used in the last minute: this window's, and the last one's as far as it still reaches in.
local function others_lately(b)
  if now <= b.hi then
    return b.others + b.before * math.min(1, (b.hi - now) / window)
  end
  return b.others * math.max(0, 1 - (now - b.hi) / window)
end

-- How many of our calls count against the bucket now.
local function counted(name)
  redis.call('ZREMRANGEBYSCORE', key('log:' .. name), '-inf', text(now))
  return redis.call('ZCARD', key('log:' .. name))
end

-- Time until the place in the log, counted from the one that is free first, no longer counts.
local function until_free(name, place)
  local entry = redis.call('ZRANGE', key('log:' .. name), place, place, 'WITHSCORES')
  local wait = tonumber(entry[2] or now) - now
  if wait > window then return window / 120 end  -- still under way: nobody knows how long
  return wait
end

local function share(b, kind, reserve)
  local left = b.limit - others_lately(b)
  if kind == 'job' then left = left - b.limit * reserve end
  return math.max(1, math.floor(left + 0.000001))
end

local function refuse(who, wait, reason, detail, is_expected)
  wait = math.max(1000, math.ceil(wait))
  if is_expected then
    redis.call('ZADD', key('queue'), text(now + wait + GRACE), who)
    redis.call('EXPIRE', key('queue'), KEPT)
  end
  redis.call('HSET', key('waits'), who, text(now + wait) .. ' ' .. reason .. ' ' .. detail)
  redis.call('EXPIRE', key('waits'), KEPT)
  return {0, wait, reason}
end

-- The turns that a job has had. One that was away does not save up turns.
local function turns(who)
  local had = tonumber(redis.call('ZSCORE', key('fair'), who) or 0)
  return math.max(had, tonumber(redis.call('GET', key('turn')) or 0))
end

-- Is a job waiting that has had fewer turns?
local function somebody_is_before(who)
  redis.call('ZREMRANGEBYSCORE', key('queue'), '-inf', text(now))
  local mine = turns(who)
  for _, other in ipairs(redis.call('ZRANGE', key('queue'), 0, -1)) do
    if other ~= who and turns(other) < mine then return true end
  end
  return false
end

local function take_turns(who, number)
  local mine = turns(who)
  redis.call('SET', key('turn'), text(mine), 'EX', KEPT)
  redis.call('ZADD', key('fair'), text(mine + number), who)
  redis.call('ZREMRANGEBYSCORE', key('fair'), '-inf', '(' .. text(mine))
  redis.call('EXPIRE', key('fair'), KEPT)
end

local function count_on_chart(field, number)
  local slot = math.floor(now / CHART_STEP)
  local name = key('chart:' .. text(slot))
  redis.call('HINCRBY', name, field, number)
  redis.call('EXPIRE', name, math.ceil(CHART_STEP * (CHART_SLOTS + 2) / 1000000))
end

-- Slots that their owners gave back or no longer renew are free. How many each owner has.
local function slots_by_owner()
  for _, token in ipairs(redis.call('ZRANGEBYSCORE', key('slots'), '-inf', text(now))) do
    redis.call('HDEL', key('slot_owners'), token)
  end
  redis.call('ZREMRANGEBYSCORE', key('slots'), '-inf', text(now))
  redis.call('ZREMRANGEBYSCORE', key('slot_queue'), '-inf', text(now))
  local by_owner = {}
  for _, owner in ipairs(redis.call('HVALS', key('slot_owners'))) do
    by_owner[owner] = (by_owner[owner] or 0) + 1
  end
  return by_owner
end

-- What an answer's headers tell of one limit: its total, what remains, and seconds to the window's end.
local function learn(name, sent, came, total, remaining, resets)
  if not total then return end
  local b = bucket(name)
  local fields = {'limit', total}
  if remaining then
    -- Seconds are whole ones, rounded up, and true of some moment between the call and its answer.
    local lo = math.max(sent, sent + ((resets or 1) - 1) * 1000000)
    local hi = came + math.min((resets or 60) * 1000000, window)
    if hi < b.lo then return write_bucket(name, 'limit', total) end  -- told late: of the minute before
    local is_new = lo > b.hi or b.hi < came
    if is_new then
      b.before = (came - b.hi < window) and b.others or 0
      b.others = 0
    else
      lo, hi = math.max(lo, b.lo), math.max(math.max(lo, b.lo), math.min(hi, b.hi))
    end
    -- Ours are those of which the answer came after the window began, and those still under way.
    local ours = redis.call('ZCOUNT', key('log:' .. name), text(lo), '+inf')
    local under_way = redis.call('ZCOUNT', key('log:' .. name), text(now + window + 1), '+inf')
    local others = math.max(0, total - remaining - ours)
    -- It only grows within a window, and is told too low by what is under way. Told much lower than before,
    -- it was told wrong before.
    if others >= b.others - under_way - SLACK then others = math.max(b.others, others) end
    if name == 'account' and others > b.others then count_on_chart('others', others - b.others) end
    for _, one in ipairs({'others', text(others), 'before', text(b.before), 'lo', text(lo), 'hi', text(hi)}) do
      table.insert(fields, one)
    end
  end
  write_bucket(name, unpack(fields))
end

-- answered: call, endpoint, how long ago the answer came (µs), hold (µs), which bucket is held and why, then
-- total, remaining and resets of the account, of the endpoint and of Zendesk's jobs ('' where it does
-- not tell). `first` is the place of the call among the arguments.
local function answered(first)
  local call, endpoint, came = ARGV[first], ARGV[first + 1], now - tonumber(ARGV[first + 2])
  local hold, held, why = tonumber(ARGV[first + 3]), ARGV[first + 4], ARGV[first + 5]
  local function told(place) return tonumber(ARGV[first + 5 + place]) end
  local counts_until = tonumber(redis.call('ZSCORE', key('log:account'), call) or now + LEASE + window)
  local sent = math.min(came, counts_until - LEASE - window)
  for _, name in ipairs({'account', endpoint}) do
    redis.call('ZADD', key('log:' .. name), text(came + window), call)
    redis.call('PEXPIRE', key('log:' .. name), text((LEASE + 2 * window) / 1000))
  end
  learn('account', sent, came, told(1), told(2), told(3))
  learn(endpoint, sent, came, told(4), told(5), told(6))
  if not bucket('account').limit then write_bucket('account', 'limit', FALLBACK_LIMIT) end
  if hold > 0 then
    if now + hold > bucket(held).hold then write_bucket(held, 'hold', text(now + hold), 'why', why) end
  end
  if told(7) then
    slots_by_owner()
    local others = told(7) - told(8) - redis.call('ZCARD', key('slots'))
    redis.call('HSET', key('jobs'), 'total', told(7), 'others', math.max(0, others), 'told', text(now))
  end
  return 1
end

-- not_sent: calls and their endpoints. Zendesk never saw them, so they do not count.
local function not_sent(first)
  for i = first, #ARGV, 2 do
    redis.call('ZREM', key('log:' .. ARGV[i + 1]), ARGV[i])
    if redis.call('ZREM', key('log:account'), ARGV[i]) == 1 then count_on_chart('ours', -1) end
  end
  return 1
end

-- May a call be made now, as far as the account is concerned? How many of those wanted; or none, and
-- how long to wait for what.
local function room_in_account(who, kind, reserve, wanted)
  local account, count = bucket('account'), counted('account')
  if not account.limit then
    -- Nothing is known yet: one call goes ahead, and its answer tells. Should its process die, another does.
    local newest = redis.call('ZRANGE', key('log:account'), -1, -1, 'WITHSCORES')
    if newest[2] and now - (tonumber(newest[2]) - LEASE - window) < PROBE then
      return 0, window / 600, 'learning'
    end
    return 1
  end
  local most = share(account, kind, reserve)
  if count >= most then return 0, until_free('account', count - most), 'minute' end
  if kind == 'page' then return math.min(wanted, most - count) end
  local interval = window / (most * CATCH_UP)
  local ahead = math.max(2, most * BURST) - math.max(0, account.next - now) / interval
  if ahead < 0 then return 0, -ahead * interval, 'share' end
  if somebody_is_before(who) then return 0, interval, 'share' end
  if redis.call('ZCARD', key('queue')) > 0 then wanted = 1 end
  local number = math.min(wanted, most - count, math.floor(ahead) + 1)
  write_bucket('account', 'next', text(math.max(account.next, now) + number * interval))
  return number
end

local function room_at_endpoint(place, kind, reserve)
  if not place.limit then return math.huge end
  local count, most = counted(place.name), share(place, kind, reserve)
  if count >= most then return 0, until_free(place.name, count - most), 'endpoint' end
  return most - count
end

-- ask: who, kind (job or page), reserve, endpoint, its limit until one is learned (or ''), its reserve,
-- how many calls are wanted, how many answers follow, those, and then calls that were not made after all
local function ask()
  local who, kind, endpoint, first = ARGV[3], ARGV[4], ARGV[6], 11
  for _ = 1, tonumber(ARGV[10]) do
    answered(first)
    first = first + ANSWER
  end
  not_sent(first)

  local account, place = bucket('account'), bucket(endpoint)
  if account.hold > now then return refuse(who, account.hold - now, account.why, 'account') end
  if place.hold > now then return refuse(who, place.hold - now, place.why, endpoint) end
  if not place.limit and ARGV[7] ~= '' then
    place.limit = tonumber(ARGV[7])
    write_bucket(endpoint, 'limit', ARGV[7])
  end
  local here, wait, why = room_at_endpoint(place, kind, tonumber(ARGV[8]))
  if here == 0 then return refuse(who, wait, why, endpoint) end
  local number
  number, wait, why = room_in_account(who, kind, tonumber(ARGV[5]), math.min(here, tonumber(ARGV[9])))
  if number == 0 then return refuse(who, wait, why, 'account', kind == 'job' and why ~= 'learning') end

  local last = redis.call('INCRBY', key('calls'), number)
  for _, name in ipairs({'account', endpoint}) do
    for call = last - number + 1, last do
      redis.call('ZADD', key('log:' .. name), text(now + LEASE + window), call)
    end
    redis.call('PEXPIRE', key('log:' .. name), text((LEASE + 2 * window) / 1000))
  end
  if place.limit then redis.call('SADD', key('names'), endpoint) end
  if kind == 'job' then take_turns(who, number) end
  redis.call('ZREM', key('queue'), who)
  redis.call('HDEL', key('waits'), who)
  count_on_chart('ours', number)
  return {number, last, account.limit and 'known' or 'learning'}
end

local function keep_slot(token, who, lease)
  redis.call('ZADD', key('slots'), text(now + lease), token)
  redis.call('HSET', key('slot_owners'), token, who)
end

-- How many Zendesk jobs we may have: what is set, less where others leave no room for so many.
local function slots_for_us(most)
  local told = redis.call('HMGET', key('jobs'), 'total', 'others', 'told')
  if not told[1] or now - tonumber(told[3]) > window then return most end
  return math.max(1, math.min(most, tonumber(told[1]) - tonumber(told[2])))
end

-- take_slot: who, token, how many there are, its lease (µs), when whoever is refused asks again (µs)
local function take_slot()
  local who, token, lease, pause = ARGV[3], ARGV[4], tonumber(ARGV[6]), tonumber(ARGV[7])
  local by_owner = slots_by_owner()
  local hold = tonumber(redis.call('HGET', key('jobs'), 'hold') or 0)
  local wait, reason = 0, 'jobs'
  if hold > now then
    wait, reason = hold - now, 'asked'
  elseif redis.call('ZCARD', key('slots')) >= slots_for_us(tonumber(ARGV[5])) then
    wait = pause
  else
    for _, other in ipairs(redis.call('ZRANGE', key('slot_queue'), 0, -1)) do
      if (by_owner[other] or 0) < (by_owner[who] or 0) then wait = pause end
    end
  end
  if wait > 0 then
    redis.call('ZADD', key('slot_queue'), text(now + 2 * pause + GRACE), who)
    if not by_owner[who] then
      redis.call('HSET', key('waits'), who, text(now + wait) .. ' ' .. reason .. ' jobs')
    end
    return {0, wait, reason}
  end
  keep_slot(token, who, lease)
  redis.call('ZREM', key('slot_queue'), who)
  redis.call('HDEL', key('waits'), who)
  return {1, 0, ''}
end

-- keep_slots: who, lease (µs), tokens. Also after a lost Redis: what is in flight is in flight.
local function keep_slots()
  for i = 5, #ARGV do keep_slot(ARGV[i], ARGV[3], tonumber(ARGV[4])) end
  return 1
end

-- free_slot: token
local function free_slot()
  redis.call('HDEL', key('slot_owners'), ARGV[3])
  return redis.call('ZREM', key('slots'), ARGV[3])
end

-- hold_slots: µs. Zendesk has as many jobs of this account as it takes.
local function hold_slots()
  redis.call('HSET', key('jobs'), 'hold', text(now + tonumber(ARGV[3])))
  return 1
end

local function waits()
  local found = {}
  local kept = redis.call('HGETALL', key('waits'))
  for i = 1, #kept, 2 do
    local till, reason, detail = string.match(kept[i + 1], '^(%d+) (%S+) (.*)$')
    if tonumber(till) + window < now then
      redis.call('HDEL', key('waits'), kept[i])
    else
      table.insert(found, {who = kept[i], seconds = math.max(0, tonumber(till) - now) / 1000000, reason = reason, detail = detail})
    end
  end
  return found
end

local function chart()
  local last, found = math.floor(now / CHART_STEP), {}
  for slot = last - CHART_SLOTS + 1, last do
    local kept = redis.call('HMGET', key('chart:' .. text(slot)), 'ours', 'others')
    table.insert(found, {at = slot * CHART_STEP / 1000000, ours = tonumber(kept[1] or 0), others = tonumber(kept[2] or 0)})
  end
  return found
end

-- report: the whole state, as JSON
local function report()
  local buckets = {}
  for _, name in ipairs(redis.call('SMEMBERS', key('names'))) do
    local b, ours = bucket(name), counted(name)
    if name ~= 'account' and ours == 0 and b.hold <= now then
      redis.call('SREM', key('names'), name)  -- until it is used again
    else
      table.insert(buckets, {
        name = name, limit = b.limit, ours = ours, others = math.floor(others_lately(b) + 0.5),
        hold = math.max(0, b.hold - now) / 1000000, window_ends = math.max(0, b.hi - now) / 1000000,
      })
    end
  end
  local slots = {}
  for owner, number in pairs(slots_by_owner()) do table.insert(slots, {who = owner, slots = number}) end
  return cjson.encode({now = now / 1000000, step = CHART_STEP / 1000000, buckets = buckets, slots = slots, waits = waits(), chart = chart()})
end

-- leave: how many answers follow, those, and calls that were not made after all
local function leave()
  local first = 4
  for _ = 1, tonumber(ARGV[3]) do
    answered(first)
    first = first + ANSWER
  end
  return not_sent(first)
end

local commands = {
  leave = leave,
  ask = ask, answered = function() return answered(3) end, not_sent = function() return not_sent(3) end, take_slot = take_slot, keep_slots = keep_slots,
  free_slot = free_slot, hold_slots = hold_slots, report = report,
}
return commands[command]()
