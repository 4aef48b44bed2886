using System.Net;
using SchemaStream.Broker;
using SchemaStream.Protocol.Client;

namespace SchemaStream.TestKit;

/// <summary>A real broker in this process, on a free port, with a data directory that is gone with it.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string> _settings;

    private TestBroker(Dictionary<string, string> settings) => _settings = settings;

    public BrokerHost Host { get; private set; } = null!;

    public LogCollector Logs { get; } = new();

    public string BootstrapServers => Host.BootstrapServers;

    public int Port => Host.EndPoint.Port;

    public string DataDirectory => _directory.Path;

    public static async Task<TestBroker> StartAsync(params (string Key, string Value)[] settings)
    {
        var broker = new TestBroker(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        try
        {
            await broker.StartHostAsync();
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }

        return broker;
    }

    public Task<KafkaConnection> ConnectAsync(string clientId = "test") =>
        KafkaConnection.ConnectAsync(IPAddress.Loopback.ToString(), Port, new KafkaConnectionOptions { ClientId = clientId });

    public Task<RawClient> ConnectRawAsync() => RawClient.ConnectAsync(IPAddress.Loopback.ToString(), Port);

    /// <summary>Stops the broker as an operator does, and starts it again over the same data. The port is another one.</summary>
    public async Task RestartAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task StartHostAsync() =>
        Host = await BrokerHost.StartAsync(
            new BrokerOptions { DataDirectory = _directory.Path, Port = _settings.ContainsKey("listeners") ? null : 0, Settings = _settings },
            Logs,
            TimeProvider.System,
            CancellationToken.None);
}
