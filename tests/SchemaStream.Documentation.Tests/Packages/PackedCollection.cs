namespace SchemaStream.Documentation.Tests.Packages;

/// <summary>Packed once for all.</summary>
[CollectionDefinition(Name)]
public sealed class PackedCollection : ICollectionFixture<PackedPackages>
{
    public const string Name = "packages";
}
