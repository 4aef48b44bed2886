using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>The cluster as this broker knows it, and the way to change it.</summary>
public interface IMetadataAccess
{
    int NodeId { get; }

    /// <summary>The newest image: immutable, so whoever takes it sees one moment throughout.</summary>
    MetadataImage Image { get; }

    /// <summary>
    /// Has the controller decide and completes once the records of the decision are durable, <see cref="Image"/> shows them
    /// and the logs of partitions that came to this broker are ready. Where the controller cannot be asked the reply is the
    /// command's own refusal. Cancelling only stops the waiting: what was decided stays so.
    /// </summary>
    ValueTask<TReply> SubmitAsync<TReply>(ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class;
}
