using SchemaStream.Testing;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary>The stack that a page's code runs against; pages say 127.0.0.1:9092 where this has a port of its own.</summary>
public sealed class Shop : IAsyncLifetime
{
    public SchemaStreamTestHost Stack { get; private set; } = null!;

    public async Task InitializeAsync() => Stack = await SchemaStreamTestHost.StartAsync();

    public async Task DisposeAsync() => await Stack.DisposeAsync();
}
