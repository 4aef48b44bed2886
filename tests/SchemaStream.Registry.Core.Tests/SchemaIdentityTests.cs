namespace SchemaStream.Registry.Core.Tests;

public sealed class SchemaIdentityTests
{
    [Fact]
    public void Of_TextAlone_IsItsMd5() =>
        // Of "string" with its quotes, as md5sum prints it.
        SchemaIdentity.Of("\"string\"", []).ToString("N").ShouldBe("095d71cf12556b9d5e330ad575b3df5d");

    [Fact]
    public void Of_References_CountsThemInWithBigEndianVersions() =>
        SchemaIdentity.Of("x", [new SchemaReference("n", "s", 258)])
            .ShouldBe(SchemaIdentity.Of("xns\0\0\u0001\u0002", []));

    [Fact]
    public void Of_OtherVersionOfAReference_IsAnother() =>
        SchemaIdentity.Of("x", [new SchemaReference("n", "s", 1)])
            .ShouldNotBe(SchemaIdentity.Of("x", [new SchemaReference("n", "s", 2)]));
}
