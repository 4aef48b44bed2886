using System.Text;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Protocol.Client.Tests.Security;

public sealed class ScramClientTests
{
    // The example of RFC 7677, section 3.
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly SaslOptions User = new(SaslMechanism.ScramSha256, "user", "pencil");

    [Fact]
    public void Exchange_OfTheSpecificationsExample_IsTheSpecifications()
    {
        var client = new ScramClient(User, Nonce);

        Encoding.UTF8.GetString(client.First).ShouldBe("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        Encoding.UTF8.GetString(client.Prove(Bytes(ServerFirst))).ShouldBe(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        Should.NotThrow(() => client.Verify(Bytes(ServerFinal)));
    }

    [Fact]
    public void First_OfANameWithTheFormatsOwnSigns_IsEscaped() =>
        Encoding.UTF8.GetString(new ScramClient(User with { Username = "a=b,c" }, "n").First).ShouldBe("n,,n=a=3Db=2Cc,r=n");

    [Theory]
    [InlineData("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "does not know the secret")]
    [InlineData("v=not base64", "not base64")]
    [InlineData("e=invalid-proof", "invalid-proof")]
    [InlineData("x=1", "lacks 'v'")]
    public void Verify_OfAServerThatCannotShowThatItKnows_Refuses(string serverFinal, string expected)
    {
        var client = new ScramClient(User, Nonce);
        client.Prove(Bytes(ServerFirst));

        Should.Throw<KafkaAuthenticationException>(() => client.Verify(Bytes(serverFinal))).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "nonce")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "nonce")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1", "iterations")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000", "iterations")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=%,i=4096", "base64")]
    [InlineData("nothing", "lacks")]
    public void Prove_ToAServerThatDoesNotKeepTheRules_Refuses(string serverFirst, string expected) =>
        Should.Throw<KafkaAuthenticationException>(() => new ScramClient(User, Nonce).Prove(Bytes(serverFirst)))
            .Message.ShouldContain(expected);

    [Fact]
    public void ToString_OfCredentials_KeepsThePasswordToItself() => User.ToString().ShouldBe("SCRAM-SHA-256 as user");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
