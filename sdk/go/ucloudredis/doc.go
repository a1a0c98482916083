// Finds the UCloud Redis backup to restore from and restores it, in Pulumi programs.
package ucloudredis
