using SchemaStream.Analyzers.Tests;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/schemas-lock.md</c>.</summary>
public sealed class SchemasLockPage
{
    private const string Breaking =
        """
        public sealed record Parcel(Guid Id, string Receiver, int Floor);
        """;

    private const string Compatible =
        """
        public sealed record Parcel(Guid Id, string Receiver, int? Floor);
        """;

    private static readonly string Locked = Analysis.Lock(
        Analysis.Record("Parcel", """{"name":"Id","type":{"type":"string","logicalType":"uuid"}}""", """{"name":"Receiver","type":"string"}"""),
        type: "Acme.Parcel");

    [Fact]
    public async Task MemberWithoutADefault_FailsTheBuildAsThePageSays() =>
        (await Analysis.Run(Breaking, Locked)).ShouldHaveSingleItem().ShouldBe(
            "SST101 Error 'Floor': READER_FIELD_MISSING_DEFAULT_VALUE: the reader's field Acme.Parcel.Floor has no default and the writer has no such " +
            "field. The contract Acme.Parcel is BACKWARD: give the member a default (nullable, an optional constructor parameter, or " +
            "[AvroDefault]), or keep the field that was there.");

    [Fact]
    public async Task MemberWithADefault_IsAnInfo() =>
        (await Analysis.Run(Compatible, Locked)).ShouldHaveSingleItem().ShouldStartWith("SST103 Info 'Parcel'");
}
