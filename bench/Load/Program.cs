using System.CommandLine;
using SchemaStream.Bench.Load;

var kafka = new Option<string?>("--kafka") { Description = "HOST:PORT of a running broker; without it, `schemastream up` is started" };
var pid = new Option<int?>("--pid") { Description = "The running broker's process, to read its CPU time and memory" };
var records = new Option<int>("--records") { Description = "Records of each throughput run", DefaultValueFactory = _ => 1_000_000 };
var sizes = new Option<int[]>("--size") { Description = "Bytes of a record's value", DefaultValueFactory = _ => [100, 1024], AllowMultipleArgumentsPerToken = true };
var rate = new Option<int>("--rate") { Description = "Records per second of the latency run", DefaultValueFactory = _ => 1_000 };
var seconds = new Option<int>("--seconds") { Description = "Length of the latency run", DefaultValueFactory = _ => 10 };

var command = new RootCommand("Drives a broker with the stock Confluent.Kafka client and reports what it cost.")
{
    kafka, pid, records, sizes, rate, seconds,
};
command.SetAction(async (arguments, cancellation) =>
{
    await using var broker = arguments.GetValue(kafka) is { } address
        ? BrokerUnderLoad.Attach(address, arguments.GetValue(pid))
        : await BrokerUnderLoad.StartAsync(cancellation);

    Console.WriteLine($"broker {broker.BootstrapServers}, start to ready {broker.StartTime.TotalMilliseconds:F0} ms");
    Console.WriteLine($"{"run",-26} {"records/s",12} {"MB/s",9} {"broker CPU s",13} {"CPU s/GB",9}");
    foreach (var size in arguments.GetValue(sizes)!)
    {
        var topic = $"load-{size}-{Guid.NewGuid():N}";
        await Topics.CreateAsync(broker.BootstrapServers, topic);
        Throughput.Produce(broker, topic, size, arguments.GetValue(records), cancellation).Print($"produce {size} B, acks=all");
        Throughput.Consume(broker, topic, arguments.GetValue(records), cancellation).Print($"consume {size} B");
    }

    var latency = await Latency.MeasureAsync(broker, arguments.GetValue(rate), TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellation);
    latency.Print();
    Console.WriteLine($"broker: {broker.CpuTime.TotalSeconds:F2} CPU s in all, peak memory {broker.PeakMemoryBytes / 1e6:F0} MB");
    return 0;
});
return await command.Parse(args).InvokeAsync();
