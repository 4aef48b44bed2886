namespace Shop.Contracts;

/// <summary>Somebody looked at a product.</summary>
/// <param name="VisitId">Unlike any other's.</param>
/// <param name="Sku">The product.</param>
/// <param name="Source">Which program saw it.</param>
/// <param name="At">When it was, which may be long before it is told: a phone without a network tells later.</param>
public sealed record Visit(Guid VisitId, string Sku, string Source, DateTimeOffset At);

/// <summary>How often a product was looked at in one minute of event time. The latest per key counts: the topic is compacted.</summary>
/// <param name="Minute">The minute's beginning, in UTC.</param>
/// <param name="Sku">The product.</param>
/// <param name="Count">How often so far: it grows while visits of that minute arrive.</param>
public sealed record VisitsPerMinute(DateTimeOffset Minute, string Sku, long Count);
