using SchemaStream.Testing;

namespace SchemaStream.Tests.Stack;

/// <summary>One stack for the tests of a class; each test takes a topic of its own.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    private int _topics;

    public SchemaStreamTestHost Stack { get; private set; } = null!;

    public SchemaStreamClient Client { get; private set; } = null!;

    /// <summary>A name that no other test has.</summary>
    public string NewName() => $"topic-{Interlocked.Increment(ref _topics)}";

    public async Task InitializeAsync()
    {
        Stack = await SchemaStreamTestHost.StartAsync();
        Client = Stack.CreateClient();
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await Stack.DisposeAsync();
    }
}
