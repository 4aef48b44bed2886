using System.CommandLine;
using SchemaStream.Bench.Load;
using SchemaStream.Bench.Registry;

var program = new Option<string?>("--program") { Description = "The `schemastream` to start; artifacts/schemastream (eng/publish.sh) if it is there, else the Release build" };
var subjects = new Option<int>("--subjects") { Description = "Subjects that are loaded", DefaultValueFactory = _ => 10_000 };
var versions = new Option<int>("--versions") { Description = "Versions of each", DefaultValueFactory = _ => 5 };
var rounds = new Option<int>("--rounds") { Description = "Rounds of each server, in turn", DefaultValueFactory = _ => 3 };
var seconds = new Option<int>("--seconds") { Description = "Length of a round", DefaultValueFactory = _ => 5 };
var bare = new Option<FileInfo?>("--bare") { Description = "Serve this file's bytes and nothing else: what this program starts to compare with", Hidden = true };

var command = new RootCommand("Loads a registry, starts it again, and holds its reads against a bare Kestrel endpoint of the same bytes.")
{
    program, subjects, versions, rounds, seconds, bare,
};
command.SetAction(async (arguments, cancellation) =>
{
    if (arguments.GetValue(bare) is { } file)
    {
        await BareEndpoint.ServeAsync(await File.ReadAllBytesAsync(file.FullName, cancellation), cancellation);
        return 0;
    }

    await Wrk.InstallAsync(cancellation);
    using var directory = new DataDirectory();
    var report = new Report();
    var load = new SchemaLoad(arguments.GetValue(subjects), arguments.GetValue(versions));
    var started = arguments.GetValue(program) ?? Server.DefaultProgram();
    Console.WriteLine(started);

    await using (var registry = await Server.RegistryAsync(started, directory.Path, cancellation))
    {
        await load.RegisterAsync(registry, report, cancellation);
    }

    await using (var registry = await Server.RegistryAsync(started, directory.Path, cancellation))
    {
        report.Add($"start with {load.Count:N0} schemas, to the first answer", registry.ReadyAfter.TotalSeconds, "s", most: 2);
        var rate = await ReadRun.MeasureAsync(registry, load, arguments.GetValue(rounds), arguments.GetValue(seconds), report, cancellation);
        PacedRun.Measure(registry, load, rate / 2, TimeSpan.FromSeconds(arguments.GetValue(seconds)), report);
        report.Add("resident memory after that", registry.ResidentMegabytes, "MB", most: 250);
        await load.RegisterAgainAsync(registry, report, cancellation);
    }

    report.Print();
    return report.AllMet ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
