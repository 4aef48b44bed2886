using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

/// <summary>For a log that is only written to.</summary>
internal sealed class NoTail : IRegistryTail
{
    public ValueTask TakeAsync(TailBatch batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
