using SchemaStream.Registry.Client;
using SchemaStream.Serialization;

namespace SchemaStream.Tests.Consuming;

/// <summary>Has a value's schema once it was asked for it in vain as often as it shall be.</summary>
internal sealed class AbsentRegistry : SlotReader<int>
{
    private bool _isPrepared;

    public int Failures { get; set; }

    public Exception Failure { get; set; } = new RegistryUnreachableException("away");

    public int Asked { get; private set; }

    public TaskCompletionSource? Answer { get; set; }

    public TaskCompletionSource WhenAsked { get; } = new();

    public override bool TryRead(ReadOnlySpan<byte> input, out int value, out int missingSchemaId)
    {
        (value, missingSchemaId) = (7, 1);
        return _isPrepared;
    }

    public override async ValueTask PrepareAsync(int schemaId, CancellationToken cancellationToken)
    {
        Asked++;
        WhenAsked.TrySetResult();
        if (Answer is { } answer)
        {
            await answer.Task.WaitAsync(cancellationToken);
        }

        _isPrepared = Asked > Failures ? true : throw Failure;
    }
}
