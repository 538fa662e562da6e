-- For wrk: sends the requests of a file in turn, and prints what came back as JSON.
-- wrk [options] -s bench/peak.lua URL -- POOL; a request in POOL follows its length in bytes and a newline.

local pool, position = {}, 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  while true do
    local length = file:read("*n")
    if not length then break end
    file:read(1)
    pool[#pool + 1] = file:read(length)
  end
  math.randomseed(os.time())
  position = math.random(#pool)
end

function request()
  position = position % #pool + 1
  return pool[position]
end

function done(summary, latency)
  local refused = summary.errors.status
  local accepted = summary.requests - refused
  print(string.format(
    '{"total": %d, "accepted_per_second": %f, "refused": %d, "p50_ms": %f, "p99_ms": %f}',
    accepted, accepted / (summary.duration / 1e6), refused, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
