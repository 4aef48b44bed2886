using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Cli.Registries.Copying;
using SchemaStream.Registry;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Registries;

/// <summary>A registry in this process, to copy from and to.</summary>
internal sealed class RunningRegistry : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly RegistryHost _host;

    private RunningRegistry(TempDirectory directory, RegistryHost host)
    {
        _directory = directory;
        _host = host;
        Api = new RegistryApi(host.BaseAddress, null, TimeProvider.System);
    }

    public RegistryApi Api { get; }

    public Uri Address => _host.BaseAddress;

    public static async Task<RunningRegistry> StartAsync()
    {
        var directory = new TempDirectory();
        var options = new RegistryOptions { DataDirectory = directory.Path, Port = 0 };
        return new RunningRegistry(directory, await RegistryHost.StartAsync(options, NullLoggerFactory.Instance));
    }

    public Task<JsonNode?> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<JsonNode?> SendAsync(HttpMethod method, string path, string? body = null) =>
        Api.SendCheckedAsync(method, path, body is null ? null : JsonNode.Parse(body), CancellationToken.None);

    public Task<RegistryContents> ReadAsync() => RegistrySource.ReadAsync(Api, CancellationToken.None);

    public Task<int> ImportAsync(RegistryContents contents) => new RegistryImport(Api, contents).RunAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _host.DisposeAsync();
        _directory.Dispose();
    }
}
