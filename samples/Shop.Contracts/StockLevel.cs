using SchemaStream;

namespace Shop.Contracts;

/// <summary>How much of a product there is. The latest per product counts: the topic is compacted.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Available">What can still be sold; below zero is what was sold and has to be ordered.</param>
/// <param name="Sold">What was sold so far.</param>
[SchemaStreamContract]
public sealed partial record StockLevel(string Sku, int Available, int Sold);
