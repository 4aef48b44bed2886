using System.CommandLine;
using SchemaStream.Bench.Load;
using SchemaStream.Bench.Load.Runs;

var kafka = new Option<string?>("--kafka") { Description = "HOST:PORT of a running broker: only throughput and latency are measured then" };
var pid = new Option<int?>("--pid") { Description = "The running broker's process, to read its CPU time and memory" };
var program = new Option<string?>("--program") { Description = "The `schemastream` to start; artifacts/schemastream (eng/publish.sh) if it is there, else the Release build" };
var only = new Option<string[]>("--only")
{
    Description = "Some of: start, commands, segments, throughput, latency, allocations, crowd", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true,
};
var records = new Option<int>("--records") { Description = "Records of each throughput run", DefaultValueFactory = _ => 1_000_000 };
var rounds = new Option<int>("--rounds") { Description = "Throughput runs of each size, and a third of the starts", DefaultValueFactory = _ => 3 };
var sizes = new Option<int[]>("--size") { Description = "Bytes of a record's value", DefaultValueFactory = _ => [100, 1024], AllowMultipleArgumentsPerToken = true };
var rate = new Option<int>("--rate") { Description = "Records per second of the latency run", DefaultValueFactory = _ => 1_000 };
var seconds = new Option<int>("--seconds") { Description = "Length of the latency run", DefaultValueFactory = _ => 10 };

var command = new RootCommand("Drives a broker with the stock Confluent.Kafka client and reports what it cost, beside its budgets.")
{
    kafka, pid, program, only, records, rounds, sizes, rate, seconds,
};
command.SetAction(async (arguments, cancellation) =>
{
    var report = new Report();
    var chosen = arguments.GetValue(only)!;
    var started = arguments.GetValue(kafka) is null ? arguments.GetValue(program) ?? BrokerUnderLoad.DefaultProgram() : null;
    bool Wants(string run) => chosen.Length == 0 || chosen.Contains(run, StringComparer.Ordinal);
    Console.WriteLine(started ?? arguments.GetValue(kafka));

    if (started is not null && Wants("start"))
    {
        await StartRun.MeasureAsync(started, arguments.GetValue(rounds) * 3, report, cancellation);
    }

    if (started is not null && Wants("segments"))
    {
        await SegmentRun.MeasureAsync(started, report, cancellation);
    }

    using var directory = new DataDirectory();
    await using (var broker = started is null
        ? BrokerUnderLoad.Attach(arguments.GetValue(kafka)!, arguments.GetValue(pid))
        : await BrokerUnderLoad.StartAsync(started, BrokerMode.Up, directory.Path, cancellation))
    {
        if (Wants("throughput"))
        {
            await ThroughputRun.MeasureAsync(
                broker, arguments.GetValue(sizes)!, arguments.GetValue(records), arguments.GetValue(rounds), report, cancellation);
            report.Add("resident memory after the load", broker.ResidentMegabytes, "MB", 400);
            report.Add("its peak", broker.PeakMegabytes, "MB");
        }

        if (Wants("latency"))
        {
            var length = TimeSpan.FromSeconds(arguments.GetValue(seconds));
            (await Latency.MeasureAsync(broker, arguments.GetValue(rate), length, cancellation)).AddTo(report);
        }

        if (started is not null && Wants("commands"))
        {
            await CommandRun.MeasureAsync(started, broker, arguments.GetValue(rounds) * 3, report, cancellation);
        }

        if (started is not null && Wants("crowd"))
        {
            await CrowdRun.MeasureAsync(broker, report, cancellation);
        }
    }

    if (started is not null && Wants("allocations"))
    {
        using var another = new DataDirectory();
        await using var broker = await BrokerUnderLoad.StartAsync(started, BrokerMode.Up, another.Path, cancellation, withMetrics: true);
        await AllocationRun.MeasureAsync(broker, arguments.GetValue(records), report, cancellation);
    }

    report.Print();
    return report.AllMet ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
