using SchemaStream.Broker.Metadata.Brokers;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Features;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Metadata.Features.FeatureRegistry;

namespace SchemaStream.Broker.Metadata.Tests.Features;

public sealed class FeatureUpdatingTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(1);

    [Fact]
    public void NewCluster_BeginsWithEveryFeature()
    {
        _cluster.Image.FeatureLevel(GroupVersion).ShouldBe((short)1);
        _cluster.Image.FeatureLevel(TransactionVersion).ShouldBe((short)2);
        _cluster.Image.FeatureLevel(FeatureRegistry.MetadataVersion).ShouldBe((short)29);
        _cluster.Image.FeatureLevel("unknown").ShouldBe((short)0);
    }

    [Fact]
    public void Cluster_OfBeforeThereWereFeatures_GetsThemWhenItIsLedNext()
    {
        var old = new ControllerDriver();
        old.Controller.Replay([new ClusterRecord { ClusterId = "c" }], 0);
        ClusterStart.LacksFeatures(old.Image).ShouldBeTrue();
        old.Submit(new InitializeClusterCommand("c")).ErrorCode.ShouldBe(ErrorCode.None);
        old.Image.FeatureLevel(TransactionVersion).ShouldBe((short)2);
        ClusterStart.LacksFeatures(old.Image).ShouldBeFalse();
        ClusterStart.LacksFeatures(MetadataImage.Empty).ShouldBeTrue();
    }

    [Fact]
    public void Level_GoesDownAndUp_AndIsThereAfterARestart()
    {
        Update(GroupVersion, 0, FeatureUpdateKind.SafeDowngrade).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Restart().Image.FeatureLevel(GroupVersion).ShouldBe((short)0);
        Update(GroupVersion, 1, FeatureUpdateKind.Upgrade).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Restart().Image.FeatureLevel(GroupVersion).ShouldBe((short)1);
    }

    [Theory]
    [InlineData(GroupVersion, 2, 1, "The controller only supports versions 0-1.")]
    [InlineData(GroupVersion, -1, 1, "A feature version cannot be less than 0.")]
    [InlineData(GroupVersion, 0, 1, "Can't downgrade the version of this feature without setting the upgrade type")]
    [InlineData(GroupVersion, 0, 0, "The controller does not support the given upgrade type.")]
    [InlineData("unknown", 1, 1, "does not support this feature")]
    [InlineData(FeatureRegistry.MetadataVersion, 3, 1, "only supports versions 7-29")]
    [InlineData(FeatureRegistry.MetadataVersion, 20, 2, "Refusing to perform the requested downgrade")]
    [InlineData(FeatureRegistry.MetadataVersion, 20, 3, "Unsafe metadata downgrade is not supported")]
    public void Level_ThatCannotBe_IsRefused(string feature, short level, sbyte kind, string reason)
    {
        var before = _cluster.Image;
        var reply = Update(feature, level, (FeatureUpdateKind)kind);
        reply.ErrorCode.ShouldBe(ErrorCode.InvalidUpdateVersion);
        reply.ErrorMessage!.ShouldStartWith("The update failed for all features since the following feature had an error: Invalid update version");
        reply.ErrorMessage!.ShouldContain(reason);
        _cluster.Image.ShouldBeSameAs(before);
    }

    [Fact]
    public void Upgrade_AskedForAsADowngrade_IsRefused()
    {
        Update(GroupVersion, 0, FeatureUpdateKind.UnsafeDowngrade);
        Update(GroupVersion, 1, FeatureUpdateKind.SafeDowngrade).ErrorMessage!.ShouldContain("Can't downgrade to a newer version.");
    }

    [Fact]
    public void Features_ChangeTogetherOrNotAtAll()
    {
        var reply = _cluster.Submit(new UpdateFeaturesCommand(
            [new(GroupVersion, 0, FeatureUpdateKind.SafeDowngrade), new("unknown", 1, FeatureUpdateKind.Upgrade)]));
        reply.ErrorCode.ShouldBe(ErrorCode.InvalidUpdateVersion);
        _cluster.Image.FeatureLevel(GroupVersion).ShouldBe((short)1);

        _cluster.Submit(new UpdateFeaturesCommand([new(GroupVersion, 0, FeatureUpdateKind.SafeDowngrade)], ValidateOnly: true))
            .ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Submit(new UpdateFeaturesCommand(
                [new(GroupVersion, 0, FeatureUpdateKind.SafeDowngrade), new(GroupVersion, 1, FeatureUpdateKind.Upgrade)]))
            .ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        _cluster.Image.FeatureLevel(GroupVersion).ShouldBe((short)1);
    }

    private UpdateFeaturesReply Update(string feature, short level, FeatureUpdateKind kind) =>
        _cluster.Submit(new UpdateFeaturesCommand([new FeatureUpdate(feature, level, kind)]));
}
