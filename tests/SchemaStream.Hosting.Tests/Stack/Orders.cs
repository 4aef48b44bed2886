namespace SchemaStream.Hosting.Tests.Stack;

/// <summary>An event.</summary>
public sealed record OrderPlaced(string OrderId, long Cents);

/// <summary>Another one.</summary>
public sealed record PaymentReceived(string PaymentId);
