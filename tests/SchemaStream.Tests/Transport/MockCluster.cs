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

    public MockCluster(string topic, int partitions = 1)
    {
        _client = ClientNew(Producer, 0, 0, 0);
        _cluster = ClusterNew(_client, 1);
        TopicCreate(_cluster, topic, partitions, 1).ShouldBe(0);
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

    public void GoDown() => SetDown(_cluster, 1).ShouldBe(0);

    public void ComeUp() => SetUp(_cluster, 1).ShouldBe(0);

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
}
