namespace SchemaStream;

/// <summary>Why a record was not delivered.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition; -1 when none had been chosen yet.</param>
/// <param name="Code">The error's name, Kafka's or the client's own, for example <c>MSG_SIZE_TOO_LARGE</c>.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="IsOutcomeUnknown">Whether the record may have been written all the same.</param>
public sealed record DeliveryFailure(string Topic, int Partition, string Code, string Reason, bool IsOutcomeUnknown);
