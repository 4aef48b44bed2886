using System.Globalization;

namespace SchemaStream.Tests.Mover;

/// <summary>
/// Moves text from one topic to another, exactly once, and says the offset of each record before it moves it. Meant to be
/// killed at any of them, and goes no further than it is told: <c>transform|migrate BOOTSTRAP REGISTRY FROM TO MOST</c>.
/// </summary>
internal static class Program
{
    private const int RecordsPerTransaction = 20;

    private static readonly ManualResetEventSlim Never = new();

    private static int _left;

    private static async Task<int> Main(string[] args)
    {
        if (args is not [("transform" or "migrate") and var way, var brokers, var registry, var from, var to, var most])
        {
            await Console.Error.WriteLineAsync("usage: transform|migrate BOOTSTRAP REGISTRY FROM TO MOST");
            return 2;
        }

        _left = int.Parse(most, CultureInfo.InvariantCulture);
        await using var client = new SchemaStreamClient(new() { BootstrapServers = brokers, RegistryUrl = new Uri(registry) });
        var (old, next) = (Topic.Primitive<string, string>(from), Topic.Primitive<string, string>(to));
        var options = new TransformOptions
        {
            MaxRecords = RecordsPerTransaction,

            // A member that was killed is not waited for longer than this.
            Reading = new ConsumerOptions
            {
                SessionTimeout = TimeSpan.FromSeconds(1),
                ConfigureTransport = settings => settings["heartbeat.interval.ms"] = "100",
            },
        };
        if (way == "migrate")
        {
            await client.MigrateAsync(old, next, Move, new MigrationOptions { Transform = options });
            return 0;
        }

        await client.TransformAsync(old, next, $"{from}-movers", $"{from}-mover", Move, options);
        return 0;
    }

    private static OutgoingRecord<string, string>? Move(ConsumedRecord<string, string> record)
    {
        if (--_left < 0)
        {
            Never.Wait(); // it is killed
        }

        Console.WriteLine(record.Offset.ToString(CultureInfo.InvariantCulture));
        return new OutgoingRecord<string, string>(record.Key, record.Value + "!");
    }
}
