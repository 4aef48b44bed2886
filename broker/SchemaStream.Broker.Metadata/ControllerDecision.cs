using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata;

/// <summary>What a command leads to: nothing has changed until its records were appended and replayed.</summary>
/// <param name="Records">To append in this order, all or none.</param>
/// <param name="Reply">To send once the records are committed.</param>
public sealed record ControllerDecision<TReply>(IReadOnlyList<IRecordMessage> Records, TReply Reply)
    where TReply : class;
