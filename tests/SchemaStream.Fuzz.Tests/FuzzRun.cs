using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Fuzz.Tests;

/// <summary>A broker of its own, and one API of it that gets whatever a seed makes.</summary>
internal sealed class FuzzRun : IAsyncDisposable
{
    /// <summary>The bound on a frame: nothing that one request has the broker allocate goes beyond it.</summary>
    private const long MaxRequestBytes = 16 * 1024 * 1024;

    /// <summary>
    /// What a request may have the broker allocate for what it makes: 10,000 new partitions, as many as one request may ask
    /// for, are more than a frame. Sent again it makes nothing, and is held to the frame.
    /// </summary>
    private const long MaxMadeBytes = 8 * MaxRequestBytes;

    /// <summary>What the broker may hold in the end that it did not hold before, when garbage is gone.</summary>
    private const long MostBytesKept = 128 * 1024 * 1024;

    /// <summary>Within this every request is answered or its connection closed.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>A busy machine holds up one try, not each of several; what is slow by itself is slow each time.</summary>
    private const int Tries = 5;

    /// <summary>Beyond this a connection hangs.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(20);

    private readonly TestCluster _broker;
    private readonly FuzzWorld _world;
    private int _linesRead;

    private FuzzRun(TestCluster broker, FuzzWorld world) => (_broker, _world) = (broker, world);

    /// <summary>How many requests had which outcome.</summary>
    public Dictionary<Outcome, int> Outcomes { get; } = [];

    /// <summary>The slowest request that did not ask to wait.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>The most that was allocated from a request to its answer.</summary>
    public long MostAllocated { get; private set; }

    public static async Task<FuzzRun> StartAsync()
    {
        var broker = await StartBrokerAsync();
        try
        {
            return new FuzzRun(broker, await MakeWorldAsync(broker));
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>One node with a listener for clients and one for controllers.</summary>
    public static Task<TestCluster> StartBrokerAsync() => TestCluster.StartAsync(
        1,
        ("socket.request.max.bytes", MaxRequestBytes.ToString(CultureInfo.InvariantCulture)),
        ("default.replication.factor", "1"),
        ("min.insync.replicas", "1"),
        ("group.initial.rebalance.delay.ms", "0"));

    /// <summary>Sends so many requests of one API, each version that is served in turn, and checks after each.</summary>
    public async Task RunAsync(bool controllers, ApiKey apiKey, int count, int seed)
    {
        var endPoint = controllers ? IPEndPoint.Parse(_broker.Node(1).ControllerAddress!) : _broker.Node(1).EndPoint;
        var (first, last) = await ServedAsync(endPoint, apiKey);
        var api = MessageCatalog.Find(apiKey)!;
        using var client = new FuzzClient(endPoint);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            Try(client, FuzzFrame.Make(api, first, last, unchecked((seed * 1_000_003) + i), _world));
        }

        client.Dispose();
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostBytesKept, $"{apiKey}, seed {seed}: bytes that stay");
        await ShouldServeAsync($"{apiKey}, seed {seed}");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private void Try(FuzzClient client, FuzzFrame frame)
    {
        var mayWait = frame.MayWait();
        var limit = mayWait ? AnswerLimit : HangLimit;
        var (outcome, allocated) = Send(client, frame, limit);
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
        if (allocated >= MaxRequestBytes)
        {
            allocated.ShouldBeLessThan(MaxMadeBytes, $"bytes allocated from request to answer: {frame}");
            allocated = Send(client, frame, limit).Allocated;
        }

        MostAllocated = Math.Max(MostAllocated, allocated);
        allocated.ShouldBeLessThan(MaxRequestBytes, $"bytes allocated from request to answer: {frame}");
        ShouldHaveLoggedNoFault(frame);
        if (mayWait)
        {
            return;
        }

        outcome.ShouldNotBe(Outcome.Silent, $"neither answered nor closed within {HangLimit}: {frame}");
        if (outcome == Outcome.NoAnswer)
        {
            frame.WantsNoAnswer().ShouldBeTrue($"passed over: {frame}");
        }

        var fastest = client.Elapsed;
        for (var tries = 1; fastest > AnswerLimit && tries < Tries; tries++)
        {
            client.Send(frame, HangLimit);
            fastest = client.Elapsed < fastest ? client.Elapsed : fastest;
        }

        fastest.ShouldBeLessThanOrEqualTo(AnswerLimit, $"the fastest of {Tries} tries: {frame}");
        Slowest = fastest > Slowest ? fastest : Slowest;
    }

    private static (Outcome Outcome, long Allocated) Send(FuzzClient client, FuzzFrame frame, TimeSpan limit)
    {
        var before = GC.GetTotalAllocatedBytes();
        var outcome = client.Send(frame, limit);
        return (outcome, GC.GetTotalAllocatedBytes() - before);
    }

    /// <summary>Whatever clients send is told as a warning at most: an error is a fault of the broker.</summary>
    private void ShouldHaveLoggedNoFault(FuzzFrame frame)
    {
        var lines = _broker.Logs.Lines;
        for (; _linesRead < lines.Count; _linesRead++)
        {
            var line = lines[_linesRead];
            (line.Level < LogLevel.Error).ShouldBeTrue($"{line.Message}\n{line.Exception}\nafter {frame}");
        }

        _broker.Node(1).Fault.IsCompleted.ShouldBeFalse($"the node stopped itself after {frame}");
    }

    /// <summary>The broker goes on serving who behaves.</summary>
    private async Task ShouldServeAsync(string after)
    {
        await using var client = await _broker.ConnectAsync(1);
        const string topic = "served-afterwards";
        // A broker that was unregistered a moment ago is back, but may lead nothing for some milliseconds.
        await Eventually.GetAsync(
            async () => (await client.SendAsync(
                new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }] }, 7)).Topics[0].ErrorCode,
            error => error is ErrorCode.None or ErrorCode.TopicAlreadyExists,
            $"{after}: a topic is made");
        (await ProduceAsync(client, topic)).ShouldBe(ErrorCode.None, after);
    }

    private static async Task<FuzzWorld> MakeWorldAsync(TestCluster broker)
    {
        await using var client = await broker.ConnectAsync(1);
        const string topic = "fuzzed";
        var created = await client.SendAsync(
            new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = topic, NumPartitions = 3, ReplicationFactor = 1 }] }, 7).WaitAsync(TestTime.Limit);
        (await ProduceAsync(client, topic)).ShouldBe(ErrorCode.None);
        // The first to ask has the internal topic made.
        await client.SendAsync(new FindCoordinatorRequest { Key = "group" }, 3).WaitAsync(TestTime.Limit);
        var producer = await client.SendAsync(new InitProducerIdRequest { TransactionTimeoutMs = 1000 }, 4).WaitAsync(TestTime.Limit);
        return new FuzzWorld(topic, created.Topics[0].TopicId, producer.ProducerId);
    }

    private static async Task<ErrorCode> ProduceAsync(KafkaConnection client, string topic)
    {
        var batch = new RecordBatchBuilder();
        batch.Add(1_700_000_000_000, null, "value"u8.ToArray());
        var produced = await client.SendAsync(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 30_000,
                TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = batch.Build() }] }],
            },
            9).WaitAsync(TestTime.Limit);
        return produced.Responses[0].PartitionResponses[0].ErrorCode;
    }

    private static async Task<(short First, short Last)> ServedAsync(IPEndPoint endPoint, ApiKey apiKey)
    {
        await using var client = await KafkaConnection.ConnectAsync(endPoint.Address.ToString(), endPoint.Port);
        var served = await client.SendAsync(new ApiVersionsRequest { ClientSoftwareName = "fuzz", ClientSoftwareVersion = "1" }, 3);
        var range = served.ApiKeys.Single(api => api.ApiKey == (short)apiKey);
        // Produce lists versions for old clients' sake that it refuses.
        return (Math.Max(range.MinVersion, MessageCatalog.Find(apiKey)!.MinVersion), range.MaxVersion);
    }
}
