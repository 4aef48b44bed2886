using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Credentials;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Credentials;

public sealed class ScramCredentialTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(1);

    [Fact]
    public void Credentials_AreThereAfterARestart_AndGoneWhenRemoved()
    {
        Alter(Set("ann", ScramMechanism.ScramSha256), Set("ann", ScramMechanism.ScramSha512), Set("bob", ScramMechanism.ScramSha512))
            .ShouldBe([("ann", ErrorCode.None), ("bob", ErrorCode.None)]);
        var restarted = _cluster.Restart().Image;
        ImageText.Of(restarted).ShouldBe(ImageText.Of(_cluster.Image));
        restarted.ScramCredentials[new("bob", ScramMechanism.ScramSha512)].StoredKey.ShouldBe(new byte[] { 2 });

        Alter(new ScramCredentialChange(new("ann", ScramMechanism.ScramSha256), null)).ShouldBe([("ann", ErrorCode.None)]);
        _cluster.Image.ScramCredentials.Keys.ShouldBe([new("ann", ScramMechanism.ScramSha512), new("bob", ScramMechanism.ScramSha512)]);
    }

    [Fact]
    public void Credential_ThatCannotBe_IsRefused_WithAllOfItsUser()
    {
        Alter(Set("", ScramMechanism.ScramSha256)).ShouldBe([("", ErrorCode.UnacceptableCredential)]);
        Alter(Set("a", (ScramMechanism)3)).ShouldBe([("a", ErrorCode.UnsupportedSaslMechanism)]);
        Alter(Set("a", ScramMechanism.ScramSha256, 4_095)).ShouldBe([("a", ErrorCode.UnacceptableCredential)]);
        Alter(Set("a", ScramMechanism.ScramSha256, 16_385)).ShouldBe([("a", ErrorCode.UnacceptableCredential)]);
        Alter(Set("a", ScramMechanism.ScramSha256), Set("a", ScramMechanism.ScramSha256)).ShouldBe([("a", ErrorCode.DuplicateResource)]);
        Alter(new ScramCredentialChange(new("a", ScramMechanism.ScramSha256), null)).ShouldBe([("a", ErrorCode.ResourceNotFound)]);
        Alter(Set("a", ScramMechanism.ScramSha256), Set("a", ScramMechanism.ScramSha512, 1), Set("b", ScramMechanism.ScramSha256))
            .ShouldBe([("a", ErrorCode.UnacceptableCredential), ("b", ErrorCode.None)]);
        _cluster.Image.ScramCredentials.Keys.ShouldHaveSingleItem().User.ShouldBe("b");
    }

    private static ScramCredentialChange Set(string user, ScramMechanism mechanism, int iterations = 4_096) =>
        new(new ScramUser(user, mechanism), new ScramCredential([1], [2], [3], iterations));

    private (string User, ErrorCode Error)[] Alter(params ScramCredentialChange[] changes) =>
        [.. _cluster.Submit(new AlterScramCredentialsCommand(changes)).Users.Select(user => (user.User, user.ErrorCode))];
}
