using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Tests.Consuming;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire;
using SchemaStream.Transport.Native;
using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>Reading over the wire from librdkafka's mock brokers, whose leaders move and which fail as they are told.</summary>
public sealed class MockFetchTests
{
    private const short Fetch = 1;
    private const short ListOffsets = 2;
    private const short Heartbeat = 12;
    private const short OffsetForLeaderEpoch = 23;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static IEnumerable<string> Numbers(int from, int count) => Enumerable.Range(from, count).Select(n => $"{n}");

    private static IConsumerTransport Read(MockCluster cluster)
    {
        var reader = new WireTransport(new NativeTransport()).CreateReader(
            "notes",
            new Dictionary<string, string> { ["bootstrap.servers"] = cluster.BootstrapServers, ["auto.offset.reset"] = "error" },
            NullLogger.Instance);
        reader.ShouldBeOfType<WireReader>();
        reader.Open(new NoListener());
        return reader;
    }

    private static async Task<List<string>> TakeAsync(IConsumerTransport reader, int count)
    {
        var values = new List<string>();
        while (values.Count < count)
        {
            using var batch = await reader.ReadAsync(default).AsTask().WaitAsync(Limit);
            for (var index = 0; index < batch!.Count; index++)
            {
                values.Add(Encoding.UTF8.GetString(batch.Read(index).Value));
            }
        }

        return values;
    }

    private static async Task FillAsync(MockCluster cluster, int from, int count)
    {
        await using var producer = TextTopic.Produce(cluster);
        for (var n = from; n < from + count; n++)
        {
            await producer.SendAsync("k", $"{n}");
        }
    }

    [Fact]
    public async Task LeaderThatMoves_IsFollowed_WithoutLossOrRepetition()
    {
        using var cluster = new MockCluster("notes", brokers: 3);
        cluster.Lead("notes", 0, 1);
        await FillAsync(cluster, 0, 20);
        await using var reader = Read(cluster);
        var read = await TakeAsync(reader, 20);

        foreach (var (leader, from) in new[] { (2, 20), (3, 40), (1, 60) })
        {
            cluster.Lead("notes", 0, leader);
            await FillAsync(cluster, from, 20);
            read.AddRange(await TakeAsync(reader, 20));
        }

        read.ShouldBe(Numbers(0, 80));
    }

    [Fact]
    public async Task BrokerThatGoesDown_IsReadFromAgain_WhenItsPartitionHasAnotherLeader()
    {
        using var cluster = new MockCluster("notes", brokers: 3);
        cluster.Lead("notes", 0, 2);
        await FillAsync(cluster, 0, 20);
        await using var reader = Read(cluster);
        var read = await TakeAsync(reader, 20);

        cluster.GoDown(2);
        cluster.Lead("notes", 0, 3);
        await FillAsync(cluster, 20, 20);
        read.AddRange(await TakeAsync(reader, 20));
        cluster.ComeUp(2);
        cluster.Lead("notes", 0, 2);
        await FillAsync(cluster, 40, 20);
        read.AddRange(await TakeAsync(reader, 20));

        read.ShouldBe(Numbers(0, 60));
    }

    [Fact]
    public async Task AllBrokersDown_IsWaitedOut()
    {
        using var cluster = new MockCluster("notes");
        await FillAsync(cluster, 0, 20);
        await using var reader = Read(cluster);
        var read = await TakeAsync(reader, 20);
        cluster.GoDown();
        cluster.ComeUp();
        await FillAsync(cluster, 20, 20);

        read.AddRange(await TakeAsync(reader, 20));
        read.ShouldBe(Numbers(0, 40));
    }

    [Theory]
    [InlineData(5)] // LEADER_NOT_AVAILABLE
    [InlineData(6)] // NOT_LEADER_OR_FOLLOWER
    [InlineData(9)] // REPLICA_NOT_AVAILABLE
    [InlineData(56)] // KAFKA_STORAGE_ERROR
    [InlineData(74)] // FENCED_LEADER_EPOCH
    [InlineData(75)] // UNKNOWN_LEADER_EPOCH
    public async Task FetchThatIsRefusedForNow_IsTriedAgain(int error)
    {
        using var cluster = new MockCluster("notes");
        await FillAsync(cluster, 0, 5);
        cluster.Fail(Fetch, error, error);

        await using var consumer = TextTopic.Consume(cluster, "readers");

        (await consumer.TakeAsync(5)).Select(record => record.Value).ShouldBe(Numbers(0, 5));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task OlderBrokers_AreAskedInTheirVersions(short newest)
    {
        using var cluster = new MockCluster("notes", brokers: 3);
        cluster.Limit(Fetch, 4, newest);
        cluster.Lead("notes", 0, 1);
        await FillAsync(cluster, 0, 5);
        cluster.Track();
        await using var consumer = TextTopic.Consume(cluster, "readers");
        var read = (await consumer.TakeAsync(5)).ToList();
        cluster.Lead("notes", 0, 2);
        await FillAsync(cluster, 5, 5);
        read.AddRange(await consumer.TakeAsync(5));

        read.Select(record => record.Value).ShouldBe(Numbers(0, 10));
        if (newest == 12)
        {
            cluster.CountRequests(OffsetForLeaderEpoch).ShouldBe(0); // the fetch itself says where logs part
        }
    }

    [Fact]
    public async Task ReplicaInTheReadersRack_IsReadFrom()
    {
        using var cluster = new MockCluster("notes", brokers: 3);
        cluster.Lead("notes", 0, 1);
        cluster.Follow("notes", 0, 3, "a");
        await FillAsync(cluster, 0, 20);

        await using var consumer = TextTopic.Consume(cluster, "readers", new ConsumerOptions
        {
            ConfigureTransport = settings => settings["client.rack"] = "a",
        });

        (await consumer.TakeAsync(20)).Select(record => record.Value).ShouldBe(Numbers(0, 20));
    }

    [Fact]
    public async Task Librdkafka_FetchesNothing_WhileItKeepsTheMembersPlace()
    {
        using var cluster = new MockCluster("notes", partitions: 2);
        await FillAsync(cluster, 0, 5);
        cluster.Track();
        var options = MockCluster.Hasten();
        var settings = TransportSettings.ForConsumer(
            new() { BootstrapServers = cluster.BootstrapServers, RegistryUrl = new Uri("http://127.0.0.1:1") }, "readers", options);
        var elsewhere = new ScriptedCluster();
        await using var consumer = new NativeConsumer(
            "notes", settings, options, ReadMode.Group, NullLogger.Instance,
            committed => new PartitionFetcher(
                "notes", new FetchSettings { Reset = PartitionOffset.Beginning }, elsewhere, committed, TimeProvider.System, NullLogger.Instance));
        consumer.Open(new NoListener());
        await consumer.WaitForAssignmentAsync(default).WaitAsync(Limit);

        elsewhere.Answer(0, WireBatches.Batch(0, 1));
        using var batch = await consumer.ReadAsync(default).AsTask().WaitAsync(Limit);
        batch!.Count.ShouldBe(1);
        while (cluster.CountRequests(Heartbeat) < 5)
        {
            await Task.Yield(); // the member lives on; a fetch would have come long before
        }

        cluster.CountRequests(Fetch).ShouldBe(0);
        cluster.CountRequests(ListOffsets).ShouldBe(0);
    }
}
