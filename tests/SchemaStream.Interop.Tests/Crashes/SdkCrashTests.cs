using System.Globalization;
using SchemaStream.TestKit;
using Xunit.Abstractions;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>
/// A broker that is killed while producers of the SDK write: each record is in the topic once and in its order, and where its
/// sender was told that it is.
/// </summary>
/// <remarks><c>CRASH_SEED=N</c> draws other moments; the seed that was used stands in the output.</remarks>
public sealed class SdkCrashTests(ITestOutputHelper output)
{
    private const string Topic = "sdk-crashes";
    private const int Partitions = 4;
    private const int MostRecordsBetweenKills = 3_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public Task EveryRecord_InEveryCodec_IsThereOnce_AfterKills() => RunAsync(kills: 5);

    [Fact]
    [Trait("Category", "Long")]
    public Task EveryRecord_IsThereOnce_AfterAHundredKills() => RunAsync(kills: 100);

    private async Task RunAsync(int kills)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("CRASH_SEED") ?? "1", CultureInfo.InvariantCulture);
        output.WriteLine($"CRASH_SEED={seed}");
        var random = new Random(seed);
        await using var broker = await LoneBroker.StartAsync();
        await Clusters.Topics.CreateAsync(broker.BootstrapServers, Topic, Partitions, replicationFactor: 1, minInSync: 1);
        var writers = new SdkWriters(broker.BootstrapServers, Topic, Partitions);
        using var stop = new CancellationTokenSource();
        var writing = writers.WriteAsync(stop.Token);
        for (var kill = 0; kill < kills; kill++)
        {
            var moment = writers.Account.Acknowledged + 500 + random.Next(MostRecordsBetweenKills);
            await Eventually.TrueAsync(() => writers.Account.Acknowledged > moment || writing.IsCompleted, "the broker acknowledges again");
            await broker.KillAsync();
            await broker.StartAgainAsync();
        }

        await stop.CancelAsync();
        await writing.WaitAsync(Limit);
        writers.Account.Failures.ShouldBeEmpty();
        writers.Account.Acknowledged.ShouldBeGreaterThan(kills * 500, "records were acknowledged between the kills");
        await Task.Run(writers.Account.Verify);
        output.WriteLine($"{kills} kills, {writers.Account.Acknowledged} records acknowledged");
        (await broker.StopAsync()).ShouldBe(0, broker.Log);
    }
}
