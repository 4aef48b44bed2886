using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Registry;
using SchemaStream.Registry.Security;
using SchemaStream.Tests.Transport;

namespace SchemaStream.Tests.Contracts;

/// <summary>A real registry over HTTP, and a mock broker with the topic <c>orders</c>: fresh for each test.</summary>
public sealed class RegistryFixture : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("schemastream-tests-").FullName;
    private readonly MockCluster _cluster = new("orders", 3);
    private RegistryHost? _registry;

    public string BootstrapServers => _cluster.BootstrapServers;

    public Uri RegistryUrl => _registry!.BaseAddress;

    public static async Task<RegistryFixture> StartAsync(SecurityOptions? security = null)
    {
        var fixture = new RegistryFixture();
        fixture._registry = await RegistryHost.StartAsync(
            new RegistryOptions { DataDirectory = fixture._directory, Port = 0, Security = security ?? new SecurityOptions() },
            NullLoggerFactory.Instance);
        return fixture;
    }

    /// <summary>A program of its own, as it were: clients share nothing but the servers.</summary>
    public SchemaStreamClient Client(UnknownSchema unknownSchema = UnknownSchema.Register, Uri? registryUrl = null) => new(new()
    {
        BootstrapServers = BootstrapServers,
        RegistryUrl = registryUrl ?? RegistryUrl,
        UnknownSchema = unknownSchema,
    });

    /// <summary>A program with a format of its own.</summary>
    public SchemaStreamClient ClientWithFormat(
        ISchemaSerializerProvider format, UnknownSchema unknownSchema = UnknownSchema.Register) => new(new()
    {
        BootstrapServers = BootstrapServers,
        RegistryUrl = RegistryUrl,
        UnknownSchema = unknownSchema,
        Formats = [format],
    });

    /// <summary>A program that the registry knows by a token.</summary>
    public SchemaStreamClient ClientWithToken(string token) => new(new()
    {
        BootstrapServers = BootstrapServers,
        RegistryUrl = RegistryUrl,
        RegistryBearerToken = token,
    });

    public async ValueTask DisposeAsync()
    {
        await _registry!.DisposeAsync();
        _cluster.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
