using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests;

/// <summary>One running stack for all clients: each test takes topics of its own.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private StackProcess? _stack;

    public StackProcess Stack => _stack ?? throw new InvalidOperationException("the stack is not started");

    public async Task InitializeAsync() => _stack = await StackProcess.StartAsync(_data.Path, "--set", "num.partitions=3");

    public async Task DisposeAsync()
    {
        if (_stack is not null)
        {
            (await _stack.StopAsync()).ShouldBe(0, _stack.Log);
            await _stack.DisposeAsync();
        }

        _data.Dispose();
    }
}
