using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker;
using SchemaStream.Registry;

namespace SchemaStream.Testing;

/// <summary>A real broker and a real registry in this process, on free ports, with data that is deleted afterwards.</summary>
/// <remarks>Nothing is shared between two of them: give each test class its own, or each test.</remarks>
/// <example><code>
/// await using var stack = await SchemaStreamTestHost.StartAsync();
/// await using var client = stack.CreateClient();
/// </code></example>
public sealed class SchemaStreamTestHost : IAsyncDisposable
{
    private readonly BrokerHost _broker;
    private readonly RegistryHost _registry;
    private readonly ILoggerFactory _loggers;

    private SchemaStreamTestHost(string directory, BrokerHost broker, RegistryHost registry, ILoggerFactory loggers)
    {
        DataDirectory = directory;
        _broker = broker;
        _registry = registry;
        _loggers = loggers;
    }

    /// <summary>Where broker and registry keep their data until the stack is disposed.</summary>
    public string DataDirectory { get; }

    /// <summary>The broker, as <c>host:port</c>: for any Kafka client.</summary>
    public string BootstrapServers => _broker.BootstrapServers;

    /// <summary>The registry: for any client of Confluent's API.</summary>
    public Uri RegistryUrl => _registry.BaseAddress;

    /// <summary>Starts broker and registry; both serve when the task completes.</summary>
    /// <param name="options">Settings and logging; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<SchemaStreamTestHost> StartAsync(
        SchemaStreamTestHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        var loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        var directory = Directory.CreateTempSubdirectory("schemastream-test-").FullName;
        BrokerHost? broker = null;
        try
        {
            var brokerOptions = new BrokerOptions
            {
                DataDirectory = Path.Combine(directory, "broker"),
                Port = 0,
                Settings = options.BrokerSettings,
            };
            broker = await BrokerHost.StartAsync(brokerOptions, loggers, TimeProvider.System, cancellationToken)
                .ConfigureAwait(false);
            var registryOptions = new RegistryOptions { DataDirectory = Path.Combine(directory, "registry"), Port = 0 };
            var registry = await RegistryHost.StartAsync(registryOptions, loggers, cancellationToken).ConfigureAwait(false);
            return new SchemaStreamTestHost(directory, broker, registry, loggers);
        }
        catch
        {
            if (broker is not null)
            {
                await broker.DisposeAsync().ConfigureAwait(false);
            }

            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>A client of this stack; the caller disposes it, before the stack.</summary>
    /// <param name="configure">Changes the client's options, for example its formats; null for the defaults.</param>
    public SchemaStreamClient CreateClient(Func<SchemaStreamOptions, SchemaStreamOptions>? configure = null)
    {
        var options = new SchemaStreamOptions { BootstrapServers = BootstrapServers, RegistryUrl = RegistryUrl };
        return new SchemaStreamClient(configure?.Invoke(options) ?? options, _loggers);
    }

    /// <summary>Stops both and deletes their data.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _registry.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
            if (Directory.Exists(DataDirectory))
            {
                Directory.Delete(DataDirectory, recursive: true);
            }
        }
    }
}
