using System.Security.Cryptography;
using SchemaStream.Registry.Security.Identities;

namespace SchemaStream.Registry.Tests.Security;

/// <summary>Tokens that are good, and those that someone made to look so.</summary>
public sealed class JwtVerifierTests
{
    [Fact]
    public void AGoodToken_NamesItsCallerAndRoles()
    {
        var caller = Verifier().Find(Tokens.Hs256(Tokens.Claims(""","roles":["dev","ops"]""")))!;

        caller.Name.ShouldBe("ann");
        caller.Roles.ShouldBe(["dev", "ops"]);
        Verifier().Find(Tokens.Hs256(Tokens.Claims(""","roles":"dev ops" """)))!.Roles.ShouldBe(["dev", "ops"]);
    }

    [Fact]
    public void AnRsaKey_TakesItsOwnTokens_AndNoneSignedWithItsTextAsASecret()
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        var verifier = JwtVerifier.Parse(pem, new JwtOptions(), new FixedTime());

        verifier.Find(Tokens.Rs256(rsa, Tokens.Claims())).ShouldNotBeNull();
        verifier.Find(Tokens.Hs256(Tokens.Claims(), secret: pem)).ShouldBeNull();
        Verifier().Find(Tokens.Rs256(rsa, Tokens.Claims())).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS512"}""")]
    [InlineData("""{"alg":7}""")]
    [InlineData("""{}""")]
    [InlineData("""{"alg":"HS256","crit":["b64"]}""")]
    [InlineData("""not json""")]
    public void AnotherHeader_IsNoGood(string header) => Verifier().Find(Tokens.Hs256(Tokens.Claims(), header)).ShouldBeNull();

    [Theory]
    [InlineData("""{"sub":"ann"}""")]
    [InlineData("""{"sub":"ann","exp":1}""")]
    [InlineData("""{"sub":"ann","exp":"soon"}""")]
    [InlineData("""{"sub":"ann","exp":1e300}""")]
    [InlineData("""{"sub":"","exp":1900000000}""")]
    [InlineData("""{"exp":1900000000}""")]
    [InlineData("""{"sub":"ann","exp":1900000000,"nbf":1899999999}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"sub":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}}}}}}},"exp":1900000000}""")]
    public void OtherClaims_AreNoGood(string claims) => Verifier().Find(Tokens.Hs256(claims)).ShouldBeNull();

    [Fact]
    public void IssuerAndAudience_AreAskedFor_WhereTheyAreSet()
    {
        var verifier = Verifier(new JwtOptions { Issuer = "acme", Audience = "registry" });

        verifier.Find(Tokens.Hs256(Tokens.Claims(""","iss":"acme","aud":["x","registry"]"""))).ShouldNotBeNull();
        verifier.Find(Tokens.Hs256(Tokens.Claims(""","iss":"acme","aud":"x" """))).ShouldBeNull();
        verifier.Find(Tokens.Hs256(Tokens.Claims(""","iss":"evil","aud":"registry" """))).ShouldBeNull();
        verifier.Find(Tokens.Hs256(Tokens.Claims())).ShouldBeNull();
    }

    [Fact]
    public void WhatWasChangedOrIsNoToken_IsNoGood()
    {
        var token = Tokens.Hs256(Tokens.Claims());
        var verifier = Verifier();

        verifier.Find(token).ShouldNotBeNull();
        verifier.Find(token[..^2]).ShouldBeNull();
        verifier.Find(token + ".x").ShouldBeNull();
        verifier.Find("").ShouldBeNull();
        verifier.Find("..").ShouldBeNull();
        verifier.Find("%.%.%").ShouldBeNull();
        verifier.Find(new string('a', 10_000)).ShouldBeNull();
        verifier.Find(Tokens.Hs256(Tokens.Claims(), secret: "another secret that is long enough too")).ShouldBeNull();
    }

    [Theory]
    [InlineData("short")]
    [InlineData("-----BEGIN NOTHING-----")]
    public void AKeyThatIsNone_IsRefused(string key) =>
        Should.Throw<FormatException>(() => JwtVerifier.Parse(key, new JwtOptions(), new FixedTime()));

    private static JwtVerifier Verifier(JwtOptions? options = null) =>
        JwtVerifier.Parse(Tokens.Secret, options ?? new JwtOptions(), new FixedTime());

    internal sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Tokens.Now;
    }
}
