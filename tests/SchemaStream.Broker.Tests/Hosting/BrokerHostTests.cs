using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Hosting;

public sealed class BrokerHostTests
{
    [Fact]
    public async Task Restart_KeepsTopicsRecordsAndOffsets()
    {
        await using var broker = await TestBroker.StartAsync(("offsets.topic.num.partitions", "4"));
        Guid id;
        string clusterId;
        await using (var client = await broker.ConnectAsync())
        {
            id = await client.CreateTopicAsync("orders", 3);
            await client.FindCoordinatorAsync("billing");
            await client.ProduceAsync("orders", Wire.Batch("a", "b"), partition: 2);
            var commit = new OffsetCommitRequest
            {
                GroupId = "billing",
                Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 2, CommittedOffset = 1, CommittedMetadata = "" }] }],
            };
            (await client.SendAsync(commit, 8)).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
            clusterId = (await client.SendAsync(new DescribeClusterRequest(), 0)).ClusterId;
        }

        await broker.RestartAsync();

        await using var again = await broker.ConnectAsync();
        (await again.SendAsync(new DescribeClusterRequest(), 0)).ClusterId.ShouldBe(clusterId);
        var metadata = await again.SendAsync(new MetadataRequest { Topics = [new() { Name = "orders" }] }, 12);
        (metadata.Topics[0].TopicId, metadata.Topics[0].Partitions.Count).ShouldBe((id, 3));
        Wire.Values((await again.FetchAsync("orders", 0, partition: 2)).Records).ShouldBe(["a", "b"]);
        (await again.ProduceAsync("orders", Wire.Batch("c"), partition: 2)).BaseOffset.ShouldBe(2);
        var offsets = await again.SendAsync(new OffsetFetchRequest { GroupId = "billing", Topics = null }, 7);
        offsets.Topics[0].Partitions[0].CommittedOffset.ShouldBe(1);
    }

    [Fact]
    public async Task ProducerIds_AreNotGivenTwiceAcrossARestart()
    {
        await using var broker = await TestBroker.StartAsync();
        long first;
        await using (var client = await broker.ConnectAsync())
        {
            first = (await client.SendAsync(new InitProducerIdRequest { TransactionalId = null }, 4)).ProducerId;
        }

        await broker.RestartAsync();
        await using var again = await broker.ConnectAsync();
        (await again.SendAsync(new InitProducerIdRequest { TransactionalId = null }, 4)).ProducerId.ShouldBeGreaterThan(first);
    }

    [Fact]
    public async Task Start_TellsWhatClientsWillBeTold()
    {
        await using var broker = await TestBroker.StartAsync();
        var line = await broker.Logs.WaitForAsync("clients are told to connect to");
        line.Level.ShouldBe(LogLevel.Information);
        line.Message.ShouldContain(broker.BootstrapServers);
    }

    [Fact]
    public async Task Stop_WhileAConsumerWaits_IsQuick()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("orders");
        var waiting = client.SendAsync(Wire.FetchRequest("orders", 0, maxWaitMs: 600_000), Wire.FetchVersion);
        await using var other = await broker.ConnectAsync();
        await other.SendAsync(new MetadataRequest { Topics = [] }, 9);

        await broker.Host.StopAsync(CancellationToken.None).WaitAsync(TestTime.Limit);
        (await waiting.WaitAsync(TestTime.Limit)).Responses[0].Partitions[0].Records!.Value.Length.ShouldBe(0);
        broker.Logs.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("0.0.0.0", null, "AdvertisedHost in code")]
    [InlineData("127.0.0.1", "::", "AdvertisedHost in code")]
    [InlineData("not an address", null, "expected an IP address to listen on")]
    [InlineData("127.0.0.1", "with space", "AdvertisedHost")]
    [InlineData("127.0.0.1", "http://host", "AdvertisedHost")]
    public async Task Address_ThatClientsCouldNotReach_IsRefused(string host, string? advertisedHost, string words)
    {
        using var directory = new TempDirectory();
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = 0, Host = host, AdvertisedHost = advertisedHost };
        (await FailAsync(options)).Message.ShouldContain(words);
    }

    [Fact]
    public async Task EveryAddress_CanBeListenedOn_WithANameForClients()
    {
        using var directory = new TempDirectory();
        var options = new BrokerOptions
        {
            DataDirectory = directory.Path,
            Port = 0,
            Host = "0.0.0.0",
            AdvertisedHost = "kafka.example.com",
            AdvertisedPort = 19092,
        };
        await using var host = await StartAsync(options);
        host.BootstrapServers.ShouldBe("kafka.example.com:19092");
    }

    [Fact]
    public async Task Setting_ThatIsUnknown_IsNamed()
    {
        using var directory = new TempDirectory();
        var options = new BrokerOptions
        {
            DataDirectory = directory.Path,
            Port = 0,
            Settings = new Dictionary<string, string> { ["num.partition"] = "3" },
        };
        (await FailAsync(options)).Message.ShouldContain("did you mean 'num.partitions'");
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsNamed()
    {
        await using var broker = await TestBroker.StartAsync();
        using var directory = new TempDirectory();
        var error = await FailAsync(new BrokerOptions { DataDirectory = directory.Path, Port = broker.Port });
        error.Message.ShouldContain($":{broker.Port}: ");
    }

    [Fact]
    public async Task Port_ThatIsTakenBeforeItOpens_LeavesTheDirectoryFree()
    {
        using var directory = new TempDirectory();
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;

        // Both hold the port while neither listens; the other one is quicker.
        var logs = new LogCollector();
        using var quicker = new CallOnLine(logs, "is registered in epoch", () => other.Listen());
        var options = new BrokerOptions { DataDirectory = directory.Path, Port = port };
        var error = await Should.ThrowAsync<BrokerStartException>(
            BrokerHost.StartAsync(options, quicker, TimeProvider.System, CancellationToken.None));
        error.Message.ShouldContain($":{port}: ");
        logs.Lines.ShouldNotContain(line => line.Message.Contains("Closed the listener"), "it was never open");

        await using var host = await StartAsync(options with { Port = 0 });
    }

    [Fact]
    public async Task Times_LongerThanAnyTimer_AreTaken()
    {
        await using var broker = await TestBroker.StartAsync(
            ("connections.max.idle.ms", "9223372036854775807"),
            ("log.retention.check.interval.ms", "9223372036854775807"),
            ("offsets.retention.check.interval.ms", "9223372036854775807"),
            ("offsets.retention.minutes", "2147483647"),
            ("offsets.topic.num.partitions", "1"));
        await using var client = await broker.ConnectAsync();
        await client.FindCoordinatorAsync("any");
        broker.Logs.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task DataDirectory_ThatIsInUse_IsRefused()
    {
        await using var broker = await TestBroker.StartAsync();
        var error = await FailAsync(new BrokerOptions { DataDirectory = broker.DataDirectory, Port = 0 });
        error.Message.ShouldContain(broker.DataDirectory);
        await using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("still-serving");
    }

    [Fact]
    public async Task DataDirectory_OfAnotherNode_IsRefused()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.Host.StopAsync(CancellationToken.None);
        var error = await FailAsync(new BrokerOptions { DataDirectory = broker.DataDirectory, Port = 0, NodeId = 9 });
        error.Message.ShouldContain("node 1");
    }

    private static Task<BrokerHost> StartAsync(BrokerOptions options) =>
        BrokerHost.StartAsync(options, new LogCollector(), TimeProvider.System, CancellationToken.None);

    private static Task<BrokerStartException> FailAsync(BrokerOptions options) => Should.ThrowAsync<BrokerStartException>(StartAsync(options));

    /// <summary>A log that does something when a line comes, in the middle of whoever wrote it.</summary>
    private sealed class CallOnLine(LogCollector logs, string text, Action call) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new Logger(logs.CreateLogger(categoryName), text, call);

        public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

        public void Dispose() => logs.Dispose();

        private sealed class Logger(ILogger inner, string text, Action call) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => inner.BeginScope(state);

            public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
                if (formatter(state, exception).Contains(text, StringComparison.Ordinal))
                {
                    call();
                }
            }
        }
    }
}
