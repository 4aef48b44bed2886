using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SchemaStream.Bench.EndToEnd.Contenders;

namespace SchemaStream.Bench.EndToEnd;

/// <summary>All cases, one line each, within some minutes.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "PrintAsync, its one use, disposes the client.")]
internal sealed class Summary(BrokerProcess broker, string filter)
{
    private const int ProducedSmall = 300_000;
    private const int ProducedLarge = 60_000;
    private const int ConsumedSmall = 500_000;
    private const int ConsumedLarge = 200_000;
    private const double MostOfConfluentProduce = 1.0 / 3;
    private const double MostOfStraightLoop = 1.4;
    private const double MostOfConfluentConsume = 0.5;

    private readonly SchemaStreamClient _client = new(new() { BootstrapServers = broker.BootstrapServers, RegistryUrl = broker.Registry });

    public async Task PrintAsync()
    {
        await using (_client)
        {
            foreach (var bytes in new[] { 100, 1000 })
            {
                var size = bytes == 100 ? "100B" : "1KB";
                foreach (var headers in new[] { null, new RecordHeaders().Add("source", "line-7").Add("kind", "reading") })
                {
                    var name = $"produce-{size}{(headers is null ? "" : "-headers")}";
                    if (name.Contains(filter, StringComparison.Ordinal))
                    {
                        await ProduceAsync(name, bytes, headers);
                    }
                }

                if ($"consume-{size}".Contains(filter, StringComparison.Ordinal))
                {
                    await ConsumeAsync($"consume-{size}", bytes);
                }
            }

            if ("send-batches".Contains(filter, StringComparison.Ordinal))
            {
                await SendBatchesAsync();
            }

            if ("ack-latency".Contains(filter, StringComparison.Ordinal))
            {
                await LatencyAsync();
            }
        }
    }

    private async Task ProduceAsync(string name, int bytes, RecordHeaders? headers)
    {
        var topic = await NewTopicAsync(name);
        var value = new byte[bytes];
        await using var sdk = new SdkProduce(await NewProducerAsync(topic), Payload.Make(bytes), headers);
        await using var confluent = new ConfluentProduce(Settings(), topic.Name, value, headers);
        await using var straight = new StraightProduce(Settings(), topic.Name, value, headers);
        var costs = await Turns.MeasureAsync(bytes == 100 ? ProducedSmall : ProducedLarge, sdk, confluent, straight);
        Print($"{name}-confluent", costs[0], costs[1], MostOfConfluentProduce, 0);
        Print($"{name}-straight", costs[0], costs[2], MostOfStraightLoop, 0);
    }

    private async Task ConsumeAsync(string name, int bytes)
    {
        var count = bytes == 100 ? ConsumedSmall : ConsumedLarge;
        var topic = await NewTopicAsync(name);
        var readings = Payload.Make(bytes);
        await using (var filler = new SdkProduce(await NewProducerAsync(topic), readings, headers: null))
        {
            await filler.MoveAsync(count);
        }

        await using var sdk = new SdkConsume(await _client.CreateConsumerAsync(topic, "sdk"));
        await using var confluent = new ConfluentConsume(broker.BootstrapServers, topic.Name);
        await using var straight = new StraightConsume(broker.BootstrapServers, topic.Name);
        var costs = await Turns.MeasureAsync(count, sdk, confluent, straight);
        Print($"{name}-confluent", costs[0], costs[1], MostOfConfluentConsume, SizeOf(readings[0]));
        Print($"{name}-straight", costs[0], costs[2], null, SizeOf(readings[0]));
    }

    /// <summary>A hundred sends that are awaited together, again and again: microseconds of CPU per record.</summary>
    private async Task SendBatchesAsync()
    {
        const int batch = 100;
        const int batches = 2_000;
        var topic = await NewTopicAsync("send-batches");
        await using var producer = await NewProducerAsync(topic, TimeSpan.Zero);
        var records = Payload.Make(100).Take(batch).Select(reading => new OutgoingRecord<string, Reading>("machine", reading)).ToArray();
        await producer.SendManyAsync(records);
        var (cpu, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        for (var n = 0; n < batches; n++)
        {
            await producer.SendManyAsync(records);
        }

        var took = watch.Elapsed;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"send-batches-of-{batch} us={(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (batch * batches):F2} recordsPerSecond={batch * batches / took.TotalSeconds:F0}"));
    }

    /// <summary>One awaited send each millisecond, from when it was due to its acknowledgement: a late start counts too.</summary>
    private async Task LatencyAsync()
    {
        const int rate = 1_000;
        const int seconds = 10;
        var topic = await NewTopicAsync("ack-latency");
        await using var producer = await NewProducerAsync(topic, TimeSpan.Zero);
        var readings = Payload.Make(100);
        await producer.SendAsync("machine", readings[0]);
        var latencies = new double[rate * seconds];
        var sends = new List<Task>(latencies.Length);
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n < latencies.Length; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / rate);
            while (Stopwatch.GetElapsedTime(start) < due)
            {
                Thread.Yield();
            }

            sends.Add(SendAsync(n, due));
        }

        await Task.WhenAll(sends);
        Array.Sort(latencies);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ack-latency rate={rate} p50={At(0.5):F2}ms p99={At(0.99):F2}ms p999={At(0.999):F2}ms"));

        async Task SendAsync(int n, TimeSpan due)
        {
            await producer.SendAsync("machine", readings[n % readings.Length]);
            latencies[n] = (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
        }

        double At(double quantile) => latencies[(int)(quantile * (latencies.Length - 1))];
    }

    private async Task<Topic<string, Reading>> NewTopicAsync(string name)
    {
        var topic = Topic.Avro<string, Reading>(name);
        await _client.CreateTopicAsync(topic, new TopicSpecification
        {
            PartitionCount = 1,
            Settings = new Dictionary<string, string> { ["retention.bytes"] = "4000000000" },
        });
        return topic;
    }

    private Task<ITopicProducer<string, Reading>> NewProducerAsync(Topic<string, Reading> topic, TimeSpan? linger = null) =>
        _client.CreateProducerAsync(topic, new ProducerOptions { Linger = linger ?? TimeSpan.FromMilliseconds(5) });

    /// <summary>What the SDK's own producer sets.</summary>
    private Dictionary<string, string> Settings() => new()
    {
        ["bootstrap.servers"] = broker.BootstrapServers,
        ["acks"] = "all",
        ["enable.idempotence"] = "true",
        ["partitioner"] = "murmur2_random",
        ["linger.ms"] = "5",
        ["queue.buffering.max.messages"] = "100000",
        ["queue.buffering.max.kbytes"] = "262144",
    };

    /// <summary>The bytes of a record and its key as objects.</summary>
    private static double SizeOf(Reading reading)
    {
        const int count = 1000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < count; n++)
        {
            var copy = reading with { Machine = new string('m', reading.Machine.Length), Note = new string('x', reading.Note.Length) };
            GC.KeepAlive(copy);
            GC.KeepAlive(new string('k', "machine".Length));
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
    }

    private static void Print(string name, Cost cost, Cost other, double? target, double allocationTarget) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} us={cost.Microseconds:F3} ratio={cost.Microseconds / other.Microseconds:F2} target={target?.ToString("F2", CultureInfo.InvariantCulture) ?? "none"} alloc={cost.Allocated:F1} allocTarget={allocationTarget:F0} otherUs={other.Microseconds:F3} otherAlloc={other.Allocated:F0}"));
}
