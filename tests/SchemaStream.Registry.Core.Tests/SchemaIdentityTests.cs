using System.Security.Cryptography;
using System.Text;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Tests;

/// <summary>Identities computed by hand, from the rule and by other tools: every registry must come to the same.</summary>
public sealed class SchemaIdentityTests
{
    private const string Text = "\"string\"";

    private static readonly Metadata Owned = new(
        [new("b", ["y", "x"]), new("a", ["z"])],
        [new("owner", "mé"), new("app", "x")],
        ["s2", "s1"]);

    private static readonly RuleSet Rules = new()
    {
        MigrationRules = [new Rule { Name = "up", Mode = RuleMode.Upgrade, Type = "JSONATA", Expr = "e1" }],
        DomainRules =
        [
            new Rule
            {
                Name = "mask",
                Doc = "hides",
                Kind = RuleKind.Condition,
                Type = "CEL",
                Tags = ["PII", "GDPR"],
                Params = RuleParams(("k2", "v2"), ("k1", "v1")),
                Expr = "x>1",
                OnSuccess = "NONE",
                OnFailure = "ERROR,NONE",
                Switch = RuleSwitch.Off,
            },
        ],
        EncodingRules = [new Rule { Name = "zip", Mode = RuleMode.Write, Type = "GZIP" }],
        EnableAt = RuleEnvironment.Gateway,
    };

    [Fact]
    public void Of_TextAlone_IsItsMd5() =>
        // Of "string" with its quotes, as md5sum prints it.
        SchemaIdentity.Of(Text, []).ToString("N").ShouldBe("095d71cf12556b9d5e330ad575b3df5d");

    [Fact]
    public void Of_References_CountsThemInWithBigEndianVersions() =>
        SchemaIdentity.Of("x", [new SchemaReference("n", "s", 258)])
            .ShouldBe(SchemaIdentity.Of("xns\0\0\u0001\u0002", []));

    [Fact]
    public void Of_OtherVersionOfAReference_IsAnother() =>
        SchemaIdentity.Of("x", [new SchemaReference("n", "s", 1)])
            .ShouldNotBe(SchemaIdentity.Of("x", [new SchemaReference("n", "s", 2)]));

    [Fact]
    public void Of_Metadata_IsSortedThroughout()
    {
        SchemaIdentity.Of(Text, [], Owned).ToString("N").ShouldBe("ca01f57e2c14195ae9f0fd1ead05cd0e");
        ByHand(Text, "\u0001", "az", "bxy", "appx", "ownermé", "s1s2").ShouldBe("ca01f57e2c14195ae9f0fd1ead05cd0e");
    }

    [Fact]
    public void Of_RuleSet_CountsEveryRuleInItsOrder()
    {
        var up = "upTRANSFORMUPGRADEJSONATAe1";
        var mask = "maskhidesCONDITIONWRITEREADCELGDPRPIIk1v1k2v2x>1NONEERROR,NONE\u0001";
        var zip = "zipTRANSFORMWRITEGZIP";

        SchemaIdentity.Of(Text, [], Owned, Rules).ToString("N").ShouldBe("a67b6c311f86fbf3256c1912a797624d");
        ByHand(Text, "\u0001", "az", "bxy", "appx", "ownermé", "s1s2", "\u0001", up, mask, zip, "GATEWAY")
            .ShouldBe("a67b6c311f86fbf3256c1912a797624d");
    }

    [Fact]
    public void Of_EmptyMetadata_IsNotNone()
    {
        SchemaIdentity.Of(Text, [], new Metadata()).ToString("N").ShouldBe("cecc02e2232b87f11b0caa0e70dbb74d");
        SchemaIdentity.Of(Text, [new SchemaReference("n", "s", 258)], new Metadata(), new RuleSet())
            .ToString("N").ShouldBe("868fa5f55f68a52d9d0ad62869b0f7dd");
    }

    [Fact]
    public void Of_AFieldWithoutMore_IsWhatConfluentsRegistryMakesOfIt()
    {
        const string text = """{"type":"record","name":"myrecord","fields":[{"type":"string","default":null,"name":"f"}]}""";

        SchemaIdentity.Of(text, []).ToString("N").ShouldBe("1d20cbb9e5e35e9754e7da170b6e5ddb");
        SchemaIdentity.Of(text, [], new Metadata(), new RuleSet { MigrationRules = [new Rule()] })
            .ToString("N").ShouldBe("16f1eca5ebf922b3da80212f8fa7342e");
    }

    [Fact]
    public void Of_OtherFormat_IsTheSame() =>
        new SchemaContent(SchemaFormat.Avro, Text, []).Guid.ShouldBe(new SchemaContent(SchemaFormat.Json, Text, []).Guid);

    private static string ByHand(params string[] parts) =>
#pragma warning disable CA5351 // The identity is Confluent's and names content; nothing is kept secret or signed by it.
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))));
#pragma warning restore CA5351

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> RuleParams(
        params (string Key, string Value)[] pairs) =>
        new Metadata(properties: pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))).Properties;
}
