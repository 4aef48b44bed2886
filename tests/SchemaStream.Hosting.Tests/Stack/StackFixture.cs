using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SchemaStream.Testing;

namespace SchemaStream.Hosting.Tests.Stack;

/// <summary>One stack for the tests of a class; each test takes names of its own.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    private int _names;

    public SchemaStreamTestHost Stack { get; private set; } = null!;

    public string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}";

    public async Task InitializeAsync() => Stack = await SchemaStreamTestHost.StartAsync();

    public async Task DisposeAsync() => await Stack.DisposeAsync();

    /// <summary>A host on this stack, by configuration as an application has it.</summary>
    public IHost Host(Action<IServiceCollection, SchemaStreamBuilder> add, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = Stack.BootstrapServers,
            ["SchemaStream:RegistryUrl"] = Stack.RegistryUrl.ToString(),
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>($"SchemaStream:{setting.Key}", setting.Value)));
        add(builder.Services, builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream")));
        return builder.Build();
    }
}
