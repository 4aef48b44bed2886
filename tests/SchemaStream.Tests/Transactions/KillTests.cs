using System.Diagnostics;
using SchemaStream.Testing;
using SchemaStream.Tests.Consuming;

namespace SchemaStream.Tests.Transactions;

/// <summary>A program that moves records is really killed, again and again; each record counts once all the same.</summary>
public sealed class KillTests
{
    private const int Partitions = 3;
    private const int RecordsPerKill = 100;

    /// <summary>How far the program may come before the kill arrives: over a commit, or in the middle of one.</summary>
    private const int Headway = 30;

    private const string Mover = "SchemaStream.Tests.Mover.dll";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly Topic<string, string> From = Topic.Primitive<string, string>("old");
    private static readonly Topic<string, string> To = Topic.Primitive<string, string>("new");

    [Theory]
    [InlineData("transform", 3)]
    [InlineData("migrate", 3)]
    public Task AProgramThatIsKilled_AndStartedAgain_HasMovedEachRecordOnce(string way, int kills) => MoveAsync(way, kills, seed: 8);

    [Theory]
    [InlineData("transform", 25)]
    [InlineData("migrate", 25)]
    [Trait("Category", "Long")]
    public Task AProgramThatIsKilledOftenEnough_HasMovedEachRecordOnce(string way, int kills) => MoveAsync(way, kills, seed: 9);

    private static async Task MoveAsync(string way, int kills, int seed)
    {
        await using var stack = await SchemaStreamTestHost.StartAsync(new()
        {
            BrokerSettings = new Dictionary<string, string>
            {
                ["group.initial.rebalance.delay.ms"] = "0", ["group.min.session.timeout.ms"] = "100",
            },
        });
        await using var client = stack.CreateClient();
        var records = kills * RecordsPerKill;
        await FillAsync(client, records);
        var random = new Random(seed);
        using var limit = new CancellationTokenSource(Limit);
        for (var kill = 0; kill < kills; kill++)
        {
            var lines = random.Next(1, RecordsPerKill - Headway);
            using var mover = Start(stack, way, most: lines + Headway);
            await ReadAsync(mover, lines, limit.Token);
            mover.Kill();
            await mover.WaitForExitAsync(limit.Token);
        }

        using var last = Start(stack, way, most: int.MaxValue);
        var reading = ReadAsync(last, lines: int.MaxValue, limit.Token);
        await using (var consumer = await client.CreateConsumerAsync(
            To, "counters", new() { ConfigureTransport = settings => settings["isolation.level"] = "read_committed" }, limit.Token))
        {
            (await consumer.TakeAsync(records)).Select(record => record.Value).Order(StringComparer.Ordinal)
                .ShouldBe(Enumerable.Range(0, records).Select(n => $"{n}!").Order(StringComparer.Ordinal));
        }

        if (way == "migrate")
        {
            await last.WaitForExitAsync(limit.Token);
            last.ExitCode.ShouldBe(0);
        }
        else
        {
            last.Kill();
        }

        await reading;
    }

    private static async Task FillAsync(SchemaStreamClient client, int records)
    {
        await client.CreateTopicAsync(From, new() { PartitionCount = Partitions });
        await client.EnsureTopicAsync(To, new() { PartitionCount = Partitions });
        await using var producer = await client.CreateProducerAsync(From);
        for (var n = 0; n < records; n++)
        {
            await producer.EnqueueAsync($"k{n % 7}", $"{n}", new RecordOptions { Partition = n % Partitions });
        }

        await producer.FlushAsync();
    }

    private static Process Start(SchemaStreamTestHost stack, string way, int most)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, Mover), way, stack.BootstrapServers, stack.RegistryUrl.ToString(), From.Name, To.Name, $"{most}",
        })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start).ShouldNotBeNull();
    }

    /// <summary>Reads that many lines, each a record in hand; fewer where there are no more to move.</summary>
    private static async Task ReadAsync(Process mover, int lines, CancellationToken cancellationToken)
    {
        for (var line = 0; line < lines && await mover.StandardOutput.ReadLineAsync(cancellationToken) is not null; line++)
        {
            // Each says that a record is in hand.
        }
    }
}
