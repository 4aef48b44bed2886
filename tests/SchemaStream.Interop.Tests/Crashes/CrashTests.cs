using System.Globalization;
using Confluent.Kafka;
using SchemaStream.TestKit;
using Xunit.Abstractions;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>
/// One broker, killed at random moments while several idempotent producers write and a group reads and commits: what was
/// acknowledged is there exactly once and in order, nothing is torn, and neither logs nor committed offsets go back.
/// </summary>
/// <remarks><c>CRASH_SEED=N</c> draws other moments; the seed that was used stands in the output.</remarks>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const string Topic = "crashes";
    private const int Partitions = 5;

    /// <summary>Of ten kills: those of a broker that has not come up yet.</summary>
    private const int KillsWhileStarting = 2;

    /// <summary>Not more than a broker logs until it is ready.</summary>
    private const int LinesOfAStart = 5;

    /// <summary>So many that the group comes together again between most kills, which takes its client a second or two.</summary>
    private const int MostRecordsBetweenKills = 5_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public Task AcknowledgedRecords_SurviveTwentyKills() => RunAsync(20);

    [Fact]
    [Trait("Category", "Long")]
    public Task AcknowledgedRecords_SurviveTwoHundredKills() => RunAsync(200);

    private async Task RunAsync(int kills)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("CRASH_SEED") ?? "1", CultureInfo.InvariantCulture);
        output.WriteLine($"CRASH_SEED={seed}");
        var random = new Random(seed);
        // Small segments: a kill finds logs that have just rolled as well as those in the middle.
        await using var broker = await LoneBroker.StartAsync(("log.segment.bytes", "1048576"), ("offsets.topic.num.partitions", "3"));
        await Clusters.Topics.CreateAsync(broker.BootstrapServers, Topic, Partitions, replicationFactor: 1, minInSync: 1);
        var writers = new Writers(broker.BootstrapServers, Topic, Partitions);
        var reader = new CommittingReader(broker.BootstrapServers, Topic, "readers");
        using var stop = new CancellationTokenSource();
        var writing = writers.WriteAsync(stop.Token);
        var reading = reader.ReadAsync(stop.Token);
        for (var kill = 0; kill < kills; kill++)
        {
            await KillAsync(broker, random, writers);
            await ShouldNotHaveGoneBackAsync(broker, writers, reader);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writing, reading).WaitAsync(TimeSpan.FromMinutes(5));
        writers.Account.Failures.ShouldBeEmpty();
        reader.Failures.ShouldBeEmpty();
        writers.Account.Acknowledged.ShouldBeGreaterThan(kills * 50, "records were acknowledged between the kills");
        reader.Commits.ShouldBeGreaterThan(kills, "commits were answered between the kills");
        await Task.Run(writers.Account.Verify);
        output.WriteLine($"{kills} kills, {writers.Account.Acknowledged} records acknowledged, {reader.Commits} commits");
        (await broker.StopAsync()).ShouldBe(0, broker.Log);
    }

    private static async Task KillAsync(LoneBroker broker, Random random, Writers writers)
    {
        var moment = writers.Account.Acknowledged + 500 + random.Next(MostRecordsBetweenKills);
        await Eventually.TrueAsync(() => writers.Account.Acknowledged > moment, "the broker acknowledges again");
        await broker.KillAsync();
        while (random.Next(10) < KillsWhileStarting)
        {
            broker.Launch();
            var lines = random.Next(LinesOfAStart);
            await Eventually.TrueAsync(() => broker.Log.Count('\n') >= lines || broker.HasEnded, "the broker begins to start");
            await broker.KillAsync();
        }

        await broker.StartAgainAsync();
    }

    private static async Task ShouldNotHaveGoneBackAsync(LoneBroker broker, Writers writers, CommittingReader reader)
    {
        long[] ends = [.. Enumerable.Range(0, Partitions).Select(writers.Account.EndOf)];
        await Task.Run(() =>
        {
            reader.ShouldNotHaveGoneBack();
            using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "-" })
                .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
            for (var partition = 0; partition < Partitions; partition++)
            {
                var found = consumer.QueryWatermarkOffsets(new Confluent.Kafka.TopicPartition(Topic, partition), Limit);
                found.High.Value.ShouldBeGreaterThanOrEqualTo(ends[partition], $"the end of partition {partition}\n{broker.Log}");
            }
        });
    }
}
