using SchemaStream.Protocol.Records;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>Under which an idempotent producer's batches are numbered (KIP-98).</summary>
/// <param name="Id">The producer id.</param>
/// <param name="Epoch">Its epoch.</param>
internal readonly record struct ProducerIdentity(long Id, short Epoch)
{
    /// <summary>None, yet or at all.</summary>
    public static readonly ProducerIdentity None = new(RecordBatchHeader.NoProducerId, RecordBatchHeader.NoProducerEpoch);

    /// <summary>The next epoch, which can be begun without asking a broker (KIP-360); none when there is no other.</summary>
    public ProducerIdentity Next => Epoch < short.MaxValue ? this with { Epoch = (short)(Epoch + 1) } : None;
}
