using System.Runtime.InteropServices;

namespace SchemaStream.Tests.Transport;

/// <summary>librdkafka's own mock broker, which can be told to fail: for what a healthy broker never does.</summary>
internal sealed partial class MockCluster : IDisposable
{
    private const string Library = "librdkafka";
    private const int Producer = 0;
    private const short ProduceKey = 0;

    private readonly nint _client;
    private readonly nint _cluster;

    public MockCluster(string topic, int partitions = 1, int brokers = 1)
    {
        _client = ClientNew(Producer, 0, 0, 0);
        _cluster = ClusterNew(_client, brokers);
        TopicCreate(_cluster, topic, partitions, brokers).ShouldBe(0);
        InitialRebalanceDelay(_cluster, 0);
        BootstrapServers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    public string BootstrapServers { get; }

    /// <summary>The next produce requests get these errors.</summary>
    public void FailProduce(params int[] errors) => Fail(ProduceKey, errors);

    /// <summary>The next requests of an API get these errors.</summary>
    public void Fail(short apiKey, params int[] errors) => PushErrors(_cluster, apiKey, (nuint)errors.Length, errors);

    /// <summary>Every answer comes this much later.</summary>
    public void Delay(int milliseconds) => SetRoundTrip(_cluster, 1, milliseconds).ShouldBe(0);

    public void GoDown(int broker = 1) => SetDown(_cluster, broker).ShouldBe(0);

    public void ComeUp(int broker = 1) => SetUp(_cluster, broker).ShouldBe(0);

    /// <summary>Another broker leads a partition from now on.</summary>
    public void Lead(string topic, int partition, int broker) => SetLeader(_cluster, topic, partition, broker).ShouldBe(0);

    /// <summary>Clients of a broker's rack are sent to it, rather than to the leader.</summary>
    public void Follow(string topic, int partition, int broker, string rack)
    {
        SetRack(_cluster, broker, rack).ShouldBe(0);
        SetFollower(_cluster, topic, partition, broker).ShouldBe(0);
    }

    /// <summary>The brokers know an API in these versions only.</summary>
    public void Limit(short apiKey, short min, short max) => SetVersions(_cluster, apiKey, min, max).ShouldBe(0);

    /// <summary>From now on requests are counted.</summary>
    public void Track() => StartTracking(_cluster);

    /// <summary>How many requests of an API have come since <see cref="Track"/>.</summary>
    public unsafe int CountRequests(short apiKey)
    {
        nuint count;
        var requests = Requests(_cluster, &count);
        var found = 0;
        for (nuint index = 0; index < count; index++)
        {
            found += RequestKey(requests[index]) == apiKey ? 1 : 0;
        }

        DestroyRequests(requests, count);
        return found;
    }

    /// <summary>The mock coordinator waits out the session time-out in each rebalance, less one second: make it short.</summary>
    public static ConsumerOptions Hasten(ConsumerOptions? options = null) => (options ?? new ConsumerOptions()) with
    {
        SessionTimeout = TimeSpan.FromMilliseconds(1300),
        ConfigureTransport = settings => settings["heartbeat.interval.ms"] = "100",
    };

    public void Dispose()
    {
        ClusterDestroy(_cluster);
        ClientDestroy(_client);
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint ClientNew(int type, nint configuration, nint error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void ClientDestroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint ClusterNew(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void ClusterDestroy(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicCreate(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    private static partial void PushErrors(nint cluster, short apiKey, nuint count, int[] errors);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    private static partial int SetRoundTrip(nint cluster, int broker, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    private static partial void InitialRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_partition_set_leader", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetLeader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_partition_set_follower", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetFollower(nint cluster, string topic, int partition, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rack", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetRack(nint cluster, int broker, string rack);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_set_apiversion")]
    private static partial int SetVersions(nint cluster, short apiKey, short min, short max);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_start_request_tracking")]
    private static partial void StartTracking(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_get_requests")]
    private static unsafe partial nint* Requests(nint cluster, nuint* count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_request_api_key")]
    private static partial short RequestKey(nint request);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_request_destroy_array")]
    private static unsafe partial void DestroyRequests(nint* requests, nuint count);
}
