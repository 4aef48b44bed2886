using SchemaStream;

namespace Shop.Contracts;

/// <summary>A customer was told about a payment.</summary>
[SchemaStreamContract]
public sealed partial record CustomerNotified(string OrderId, string Customer, string Text);
